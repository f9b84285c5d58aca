"""How gunicorn serves the portal in production: ``gunicorn --config python:portal.gunicorn_conf portal.wsgi``.

What differs between servers comes from the environment (``WEB_CONCURRENCY`` is gunicorn's own, ``GUNICORN_CMD_ARGS``
takes any other option).
"""

import os
import shutil
import tempfile
from pathlib import Path

from portal.observability import lines

#: Where the processes of this server add their figures up, for this run alone; the workers inherit its name.
FIGURES = tempfile.mkdtemp(prefix="cluster-exchange-figures-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = FIGURES

bind = "0.0.0.0:8000"
worker_class = "gthread"
#: Eight pages at a time in each process, as many as its pool has connections.
threads = 8
#: A page takes milliseconds; one that takes this many seconds is ended with its process.
timeout = 60
#: What has begun when the server is told to end may take so long.
graceful_timeout = 25
#: A proxy keeps its connections longer than gunicorn does by itself.
keepalive = 75
#: Each process starts anew now and then, not all at once.
max_requests = 20_000
max_requests_jitter = 5_000
#: The health of processes is written to memory, not to a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a private file there
control_socket_disable = True  # nobody commands it but by signals
forwarded_allow_ips = "*"  # Django decides by TRUSTED_PROXY_COUNT whom it believes

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": lines.formatter(as_json=True)},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},  # the portal writes its own
    },
}


def on_exit(server) -> None:
    shutil.rmtree(FIGURES, ignore_errors=True)
