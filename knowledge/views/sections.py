"""Solutions, case studies, best practices: each section lists the pages below it."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from knowledge.enums import Outcome, PayoffDomain
from knowledge.models import (
    BestPracticeIndexPage,
    BestPracticePage,
    CaseStudyIndexPage,
    CaseStudyPage,
    SolutionIndexPage,
    SolutionPage,
    Stage,
)
from knowledge.views.filters import Facet, Listing, TermFacet, ValueFacet

from .registry import SECTOR, STATE, THEME

STAGE = TermFacet("stage", _("Stage of the work"), Stage.objects.all, "stage")
OUTCOME = ValueFacet("outcome", _("Outcome"), "outcome", tuple(Outcome.choices))
PAYOFF = ValueFacet("payoff", _("Whom it pays"), "payoff_domain", tuple(PayoffDomain.choices))
SORTS = {
    "newest": (_("Newest first"), ("-first_published_at", "-pk")),
    "title": (_("Title"), ("title", "pk")),
    "facts": (_("Newest facts first"), ("-as_of", "title", "pk")),
}
#: What each kind of section lists.
SECTIONS: dict[type[Page], tuple[type[Page], tuple[Facet, ...]]] = {
    SolutionIndexPage: (SolutionPage, (THEME, SECTOR, STATE, STAGE)),
    CaseStudyIndexPage: (CaseStudyPage, (THEME, SECTOR, STATE, STAGE, OUTCOME)),
    BestPracticeIndexPage: (BestPracticePage, (THEME, SECTOR, STATE, STAGE, PAYOFF)),
}


def section_context(page: Page, request: HttpRequest) -> dict[str, object]:
    """Return the list below the section ``page`` as the address of ``request`` asks for it."""
    model, facets = SECTIONS[type(page)]
    pages = model.objects.current().child_of(page)

    def prepare(rows: QuerySet) -> QuerySet:
        return rows.prefetch_related("states")

    listing = Listing(queryset=pages, params=request.GET, facets=facets, sorts=SORTS, prepare=prepare)
    return {"listing": listing, "kind": model.kind}
