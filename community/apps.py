from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        from django.db.models.signals import post_save  # models are ready only now

        from knowledge.blocks import register_hidden_replies, register_quote_check
        from knowledge.search_sources import register_usefulness
        from search.registry import register, register_audiences

        from . import search_sources, signal_handlers
        from .quoting import hidden_replies, problem_with_quote

        register_quote_check(problem_with_quote)
        register_hidden_replies(hidden_replies)
        signal_handlers.connect()
        register(search_sources.QuestionSource())
        register_audiences(search_sources.audiences)
        register_usefulness("solution", search_sources.usefulness_of_solutions)
        post_save.connect(search_sources.reindex_community, sender="community.Community")
