"""Writes in bulk, item by item: what is newer already is fine, what the server has no time for waits, what it cannot
take is refused with its reason."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import streaming_bulk

from search.documents import SearchBusy, SearchUnavailable

from .connection import WRITE_SECONDS, is_trouble
from .indices import WRITES

#: Items and bytes of one request.
CHUNK, CHUNK_BYTES = 500, 5 * 1024 * 1024
#: Pauses before what the server had no time for is offered again; what is left then waits in the outbox.
PAUSES = (0.2, 0.8)
#: What an index says that takes no writes now, whatever the status: it is no fault of a document.
_BLOCKED = {"cluster_block_exception", "unavailable_shards_exception", "process_cluster_event_timeout_exception"}


@dataclass(frozen=True)
class Write:
    """A document, or a tombstone, with its version."""

    key: str
    version: int
    body: bytes


class IndexGone(SearchUnavailable):
    """An index takes no writes any more: it was dropped, or a rebuild was overtaken."""


def write(client: Elasticsearch, index: str, writes: Iterable[Write], *, refresh: bool) -> dict[str, str]:
    """Write to ``index`` and return the reason for each key that was refused.

    Raises IndexGone, SearchUnavailable, and SearchBusy with the keys that the server had no time for.
    """
    refused: dict[str, str] = {}
    waiting = list(writes)
    for pause in (*PAUSES, None):
        waiting = _offer(client, index, waiting, refused, refresh=refresh)
        if not waiting:
            return refused
        if pause is not None:
            time.sleep(pause)
    raise SearchBusy(f"{index} had no time for {len(waiting)} items.", [each.key for each in waiting], refused)


def _offer(
    client: Elasticsearch, index: str, writes: list[Write], refused: dict[str, str], *, refresh: bool
) -> list[Write]:
    """Offer ``writes`` once and return those that the server had no time for."""
    waiting = []
    results = streaming_bulk(
        client.options(request_timeout=WRITE_SECONDS),
        writes,
        index=index + WRITES,
        expand_action_callback=_action,
        chunk_size=CHUNK,
        max_chunk_bytes=CHUNK_BYTES,
        raise_on_error=False,
        refresh=refresh,
        require_alias=True,
    )
    try:
        for each, (_taken, result) in zip(writes, results, strict=True):
            [item] = result.values()
            status, error = item["status"], item.get("error")
            if status < 300 or status == 409:
                continue
            kind = error.get("type", "") if isinstance(error, dict) else str(error)
            if kind == "index_not_found_exception":
                raise IndexGone(f"{index} takes no writes any more.")
            if status == 429 or status >= 500 or kind in _BLOCKED:
                waiting.append(each)
            else:
                refused[each.key] = _reason(error)
    except NotFoundError as error:
        raise IndexGone(f"{index} takes no writes any more.") from error
    except (ApiError, TransportError) as error:
        if not is_trouble(error) and not _is_forbidden(error):
            raise  # a fault of the request: its documents are tried one by one
        raise SearchUnavailable(f"{type(error).__name__}: {str(error)[:300]}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SearchUnavailable(f"The answer makes no sense: {type(error).__name__}: {error}") from error
    return waiting


def _is_forbidden(error: Exception) -> bool:
    return isinstance(error, ApiError) and error.status_code in (401, 403)


def _action(each: Write) -> tuple[dict, bytes]:
    return {"index": {"_id": each.key, "version": each.version, "version_type": "external_gte"}}, each.body


def _reason(error: dict | str) -> str:
    if not isinstance(error, dict):
        return str(error)
    cause = error.get("caused_by") or {}
    return ": ".join(filter(None, (error.get("type"), error.get("reason"), cause.get("reason"))))
