"""Figures for Prometheus: requests as they come, and at each reading what waits in the database and in the broker.

The requests of all processes of a server are added up where PROMETHEUS_MULTIPROC_DIR names a folder, as
``portal.gunicorn_conf`` does. What waits is the same wherever it is read: take the greatest, not the sum.
"""

from collections.abc import Iterator

from django.db import Error as DatabaseError
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector
from prometheus_client.values import MutexValue, ValueClass

from . import waiting

#: Methods that are counted by name; whatever else somebody sends is one more.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Histogram(
    "exchange_request_seconds",
    "Time of a request by view, method and class of status",
    ["view", "method", "status"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def count_request(request: HttpRequest, status: int, seconds: float) -> None:
    """Count an answered request."""
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(view_of(request), method, f"{status // 100}xx").observe(seconds)


def view_of(request: HttpRequest) -> str:
    """Return the view's name in the URL conf; addresses would be as many as there are things."""
    match = request.resolver_match
    if match is None:
        return "none"
    return match.view_name or "unnamed"


class WaitingCollector(Collector):
    """Reads what waits, anew at each reading."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for read, reads in ((waiting.in_database, "database"), (waiting.in_broker, "broker")):
            readable = GaugeMetricFamily(f"exchange_{reads}_readable", f"Whether what waits in the {reads} was read")
            try:
                gauges = read()
            except (DatabaseError, OSError, waiting.BrokerError):
                readable.add_metric([], 0)
            else:
                readable.add_metric([], 1)
                yield from map(_family, gauges)
            yield readable


def _family(gauge: waiting.Gauge) -> GaugeMetricFamily:
    family = GaugeMetricFamily(gauge.name, gauge.says, labels=[gauge.label] if gauge.label else [])
    for value, number in gauge.values.items():
        family.add_metric([value] if gauge.label else [], number)
    return family


def exposition() -> bytes:
    """Return all figures in Prometheus's text format."""
    waiting_now = CollectorRegistry()
    waiting_now.register(WaitingCollector())
    requests = REGISTRY
    if ValueClass is not MutexValue:
        requests = CollectorRegistry()
        multiprocess.MultiProcessCollector(requests)
    return generate_latest(requests) + generate_latest(waiting_now)
