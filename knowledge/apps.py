from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from wagtail.signals import published  # models are ready only now

        from . import search_sources, signal_handlers
        from .models import SchemeUpdate
        from .services.scheme_updates import announce

        published.connect(announce, sender=SchemeUpdate)
        search_sources.register()
        signal_handlers.connect()
