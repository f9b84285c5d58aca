from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        from django.db.models.signals import post_save  # models are ready only now

        from knowledge.blocks import register_former_people, register_hidden_replies, register_quote_check
        from knowledge.search_sources import register_usefulness
        from search.registry import register, register_audiences

        from . import search_sources, signal_handlers
        from .quoting import former_members, hidden_replies, problem_with_quote, replies_of_former_members
        from .services import flags
        from .services.communities import requests
        from .services.moderation import hiding, kinds, publishing

        register_quote_check(problem_with_quote)
        register_hidden_replies(hidden_replies)
        register_former_people(members=former_members, authors=replies_of_former_members)
        signal_handlers.connect()
        hiding.message_hidden.connect(flags.settle)
        for kind in (publishing.QUESTION, publishing.REPLY, requests.MEMBERSHIP, flags.FLAG):
            kinds.register(kind)
        register(search_sources.QuestionSource())
        register_audiences(search_sources.audiences)
        register_usefulness("solution", search_sources.usefulness_of_solutions)
        post_save.connect(search_sources.reindex_community, sender="community.Community")
