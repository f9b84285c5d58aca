from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from . import registry
from .kinds import KINDS


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from .upkeep import tasks  # noqa: F401 - its tasks are found by Celery

        checks.register(check_kinds_of_sources, "search")


def check_kinds_of_sources(**kwargs) -> list[checks.CheckMessage]:
    """Report kinds that a registered source offers and nobody has words and a stamp for."""
    return [
        checks.Error(
            f"The search source {source.name} offers the unknown kind {kind}.",
            hint="Add the kind with its words and its stamp to search.kinds.KINDS.",
            id="search.E001",
        )
        for source in registry.sources()
        for kind in source.kinds
        if kind not in KINDS
    ]
