"""Pages and registry entries that the public must not meet, each tied to public things that could give it away."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.text import slugify
from wagtail.models import Page, PageViewRestriction

from knowledge.models import Institution, Scheme
from knowledge.permissions import EDITORS
from knowledge.services.scheme_updates import post_update
from search.models import BestBet, Synonym
from tests.factories import knowledge as rows
from tests.factories import pages as page_factories

from .markers import COMMON_WORD, Secret, Secrets, word_for
from .viewers import EDITING, EVERYBODY, MODERATORS, SOLUTION_STAFF

UPDATE = {"source_reference": "Circular 7 of 2026"}


class Shelf:
    """Brings knowledge into the world. ``institution`` is the one for which the officer speaks."""

    def __init__(self, secrets: Secrets, institution: Institution, theme, now: datetime) -> None:
        self.secrets, self.institution, self.theme, self.now = secrets, institution, theme, now
        self.pages: dict[str, Page] = {}
        self.entries: dict[str, object] = {}
        self.sector, self.state = rows.SectorFactory(), rows.StateFactory()
        self.scheme = rows.SchemeFactory(
            name="Open scheme", owner=institution, themes=[theme], sectors=[self.sector], states=[self.state]
        )

    def fill(self) -> None:
        """Make everything."""
        self._draft_entries()
        self._pages()
        self._public_entries_that_name_drafts()
        self._references()

    def _words(self, name: str) -> str:
        return f"{COMMON_WORD} {word_for(name)}"

    def _draft_entries(self) -> None:
        """Make a draft of each registry; the draft scheme and institution belong to the officer."""
        filed = {"draft": True, "themes": [self.theme]}
        institution = rows.InstitutionFactory(name=self._words("draft institution"), draft=True)
        scheme = rows.SchemeFactory(name=self._words("draft scheme"), owner=self.institution, **filed)
        self.entries = {
            "institution": institution,
            "scheme": scheme,
            "resource_centre": rows.ResourceCentreFactory(
                name=self._words("draft resource_centre"), institution=self.institution, **filed
            ),
            "cluster": rows.ClusterFactory(
                name=self._words("draft cluster"), sector=self.sector, state=self.state, **filed
            ),
            "initiative": rows.InitiativeFactory(
                name=self._words("draft initiative"), lead=self.institution, scheme=self.scheme, **filed
            ),
        }
        for kind, entry in self.entries.items():
            # Who writes solutions ties them to schemes, centres and initiatives, and meets the names of drafts there.
            also = {"scheme": {"officer"} | MODERATORS, "resource_centre": MODERATORS, "initiative": MODERATORS}
            self.secrets.add(Secret(f"draft {kind}", EDITING | also.get(kind, set()), ((EDITING, _edit(entry)),)))
        changed = rows.InstitutionFactory(name="Changed institution", themes=[self.theme])
        changed.name = self._words("draft change of an institution")
        changed.save_revision()
        self.secrets.add(Secret("draft change of an institution", EDITING, ((EDITING, _edit(changed)),)))

    def _pages(self) -> None:
        """Make a solution in each state that is not simply public, and drafts of the two other kinds."""
        filed = {"themes": [self.theme], "sectors": [self.sector], "states": [self.state], "schemes": [self.scheme]}
        self.pages["open"] = page_factories.SolutionPageFactory(title="Open solution", **filed)
        self._page("draft", SOLUTION_STAFF, draft=True, **filed)
        unpublished = self._page("unpublished", SOLUTION_STAFF, **filed)
        unpublished.unpublish()
        changed = page_factories.SolutionPageFactory(title="Changed solution", slug="changed-solution", **filed)
        changed.subject = self._words("draft change of a solution")
        changed.save_revision()
        self.secrets.add(Secret("draft change of a solution", SOLUTION_STAFF, ((SOLUTION_STAFF, _edit_page(changed)),)))
        withdrawn = self._page("withdrawn", EVERYBODY, withdrawn=True, **filed)
        self._only_at_its_address("withdrawn", withdrawn)
        private = self._page("private", SOLUTION_STAFF, **filed)
        restriction = PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.GROUPS)
        restriction.groups.add(Group.objects.get(name=EDITORS))
        page_factories.SolutionPageFactory(title="Replaced by a draft", withdrawn=True, successor=self.pages["draft"])
        page_factories.SolutionPageFactory(title="Replaced by a private one", withdrawn=True, successor=private)
        rows.SchemeFactory(name="Replaced scheme", withdrawn=True, successor=self.entries["scheme"])
        for kind, factory in (
            ("case", page_factories.CaseStudyPageFactory),
            ("practice", page_factories.BestPracticePageFactory),
        ):
            page = factory(title=self._words(f"draft {kind}"), slug=f"draft-{kind}", draft=True, themes=[self.theme])
            self.pages[f"draft {kind}"] = page
            # Who writes solutions ties them to cases and practices, and meets the names of drafts there.
            self.secrets.add(Secret(f"draft {kind}", EDITING | MODERATORS, ((EDITING, _edit_page(page)),)))
        page_factories.CaseStudyPageFactory(
            title="Open case",
            cluster=self.entries["cluster"],
            actors=[self.institution, self.entries["institution"]],
            themes=[self.theme],
        )

    def _page(self, name: str, readers: frozenset[str], **fields):
        page = page_factories.SolutionPageFactory(
            title=self._words(f"{name} solution"), slug=slugify(f"{name} one"), **fields
        )
        self.pages[name] = page
        self.secrets.add(Secret(f"{name} solution", readers, ((SOLUTION_STAFF, _edit_page(page)),)))
        return page

    def _only_at_its_address(self, name: str, page: Page) -> None:
        """Say that the public meets the page at its own address and at no other."""
        word = word_for(f"{name} solution")
        here = page.get_url_parts()[2]
        shown = ((SOLUTION_STAFF, _edit_page(page)), (EVERYBODY, here))
        self.secrets.by_word[word] = Secret(f"{name} solution", EVERYBODY, shown, only_at=(here,))

    def _public_entries_that_name_drafts(self) -> None:
        """Make public entries that lead to drafts, and updates of schemes that are not out."""
        draft = self.entries["institution"]
        rows.SchemeFactory(name="Scheme of a draft", owner=draft, implementing_agencies=[draft], themes=[self.theme])
        rows.InitiativeFactory(
            name="Open initiative",
            lead=draft,
            partners=[draft],
            funders=[draft],
            clusters=[self.entries["cluster"]],
            scheme=self.entries["scheme"],
            themes=[self.theme],
        )
        rows.ResourceCentreFactory(name="Centre of a draft", institution=draft, themes=[self.theme])
        rows.InstitutionFactory(name="Body below a draft", parent=draft)
        rows.ClusterFactory(name="Open cluster", sector=self.sector, state=self.state, themes=[self.theme])
        rows.SchemeUpdateFactory(scheme=self.scheme, title="Open change")
        self._updates()

    def _updates(self) -> None:
        own, other = self.scheme, Scheme.objects.get(name="Scheme of a draft")
        officer = {"officer"}
        for name, scheme, readers, fields in (
            ("draft update", own, EDITING | officer, {"draft": True}),
            ("draft update of another's scheme", other, EDITING, {"draft": True}),
            ("update of a draft scheme", self.entries["scheme"], EDITING | officer | MODERATORS, {}),
        ):
            update = rows.SchemeUpdateFactory(
                scheme=scheme, institution=scheme.owner, title=self._words(name), what_changed=word_for(name), **fields
            )
            self.entries.setdefault("update", update)
            self.secrets.add(Secret(name, frozenset(readers), ((EDITING, _edit(update)),)))
        name = "update that waits for approval"
        update = post_update(
            scheme=own,
            by=self.institution.officers.get().user,
            now=self.now,
            title=self._words(name),
            what_changed=word_for(name),
            **UPDATE,
        )
        readers = EDITING | officer | MODERATORS
        self.secrets.add(Secret(name, readers, ((EDITING | MODERATORS, _edit(update)),)))
        self.entries["waiting update"] = update

    def _references(self) -> None:
        """Make an entry of each list; those that can lead to what is not public do."""
        filed = {"themes": [self.theme]}
        Synonym.objects.create(terms="effluent, waste water")
        BestBet.objects.create(phrases="effluent", address="/schemes/")
        rows.StageFactory()
        rows.SourceDocumentFactory()
        rows.GlossaryTermFactory(**filed)
        rows.StatisticFactory(**filed)
        rows.PublicationFactory(**filed)
        rows.LinkFactory(owner=self.entries["institution"], **filed)
        rows.DefinitionFactory(agency=self.entries["institution"], **filed)
        for page in ("draft", "unpublished", "private", "withdrawn"):
            rows.FrequentQuestionFactory(solution=self.pages[page], **filed)


def _edit(entry) -> str:
    return reverse(type(entry).snippet_viewset.get_url_name("edit"), args=[entry.pk])


def _edit_page(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
