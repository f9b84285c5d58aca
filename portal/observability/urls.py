"""The doors for machines, which ``portal.observability.requests.InnerDoorsMiddleware`` opens before all others."""

from django.urls import path

from portal.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
