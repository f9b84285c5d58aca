"""A server between the portal and Elasticsearch that does what a cluster in trouble does."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: Statuses that a proxied bulk gives to single items, with the words of Elasticsearch.
ERRORS = {
    429: {"type": "es_rejected_execution_exception", "reason": "rejected execution of coordinating operation"},
    503: {"type": "unavailable_shards_exception", "reason": "primary shard is not active"},
    400: {"type": "document_parsing_exception", "reason": "failed to parse field [body]"},
}


class Proxy:
    """Hands everything on to ``upstream`` but what it is told to answer itself."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.be_good()
        self.offered: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def be_good(self) -> None:
        """Hand everything on again."""
        #: The status for an item of a bulk, by its key; None hands it on.
        self.judge: Callable[[str], int | None] = lambda key: None
        #: What is answered to everything, whole, in place of the answer, after so many seconds.
        self.nonsense: bytes | None = None
        self.seconds = 0.0

    def close(self) -> None:
        """Take no more connections."""
        self._server.shutdown()
        self._server.server_close()

    def bulk(self, path: str, headers: dict, body: bytes) -> tuple[int, bytes]:
        """Answer a bulk of which some items are judged here."""
        lines = body.strip().split(b"\n")
        pairs = [(json.loads(head), head, document) for head, document in zip(lines[::2], lines[1::2], strict=True)]
        verdicts = [self.judge(action["index"]["_id"]) for action, _head, _document in pairs]
        self.offered += [action["index"]["_id"] for action, _head, _document in pairs]
        good = [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict is None]
        answer = {"took": 1, "errors": True, "items": []}
        if good:
            kept = b"".join(head + b"\n" + document + b"\n" for _action, head, document in good)
            status, raw = self.hand_on("PUT", path, headers, kept)
            if status != 200:
                return status, raw
            answer = json.loads(raw)
        taken = iter(answer["items"])
        items = [
            next(taken)
            if verdict is None
            else {"index": {"_id": action["index"]["_id"], "status": verdict, "error": ERRORS[verdict]}}
            for (action, _head, _document), verdict in zip(pairs, verdicts, strict=True)
        ]
        return 200, json.dumps(answer | {"items": items}).encode()

    def hand_on(self, method: str, path: str, headers: dict, body: bytes | None) -> tuple[int, bytes]:
        """Return the status and the body that the server behind answers."""
        connection = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=60)
        passed = {name: value for name, value in headers.items() if name.lower() in ("content-type", "accept")}
        connection.request(method, path, body, passed)
        answer = connection.getresponse()
        return answer.status, answer.read()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            time.sleep(proxy.seconds)
            if proxy.nonsense is not None:
                status, content = 200, proxy.nonsense
            elif "/_bulk" in self.path:
                status, content = proxy.bulk(self.path, dict(self.headers), body)
            else:
                status, content = proxy.hand_on(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815 - names of http.server

        def log_message(self, *args) -> None:
            """Say nothing."""

    return Handler
