"""Released questions for search engines outside: their titles are for everybody."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from .models import Community, Question


class QuestionSitemap(Sitemap):
    """The public page of each released question."""

    i18n = True
    alternates = True

    def items(self) -> QuerySet[Question]:
        return Question.objects.released().only("slug", "released_at").order_by("pk")

    def lastmod(self, question: Question) -> datetime:
        return question.released_at


class CommunitySitemap(Sitemap):
    """The page of each community."""

    i18n = True
    alternates = True

    def items(self) -> QuerySet[Community]:
        return Community.objects.only("slug").order_by("pk")


class ExchangeListSitemap(Sitemap):
    """The lists of the exchange."""

    i18n = True
    alternates = True

    def items(self) -> list[str]:
        return ["question_list", "community_list", "ask"]

    def location(self, name: str) -> str:
        return reverse(name)


SITEMAPS = {"questions": QuestionSitemap, "communities": CommunitySitemap, "exchange": ExchangeListSitemap}
