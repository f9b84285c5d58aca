"""Whatever is published, edited, moved, hidden, deleted, made private, scheduled or renamed, in any order, and however
the tasks are lost, doubled, late and overtaken: at the end the index is what the database says."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule, run_state_machine_as_test
from wagtail.models import Page, PageViewRestriction

from knowledge.models import BestPracticePage, KnowledgePage
from knowledge.tasks import publish_scheduled
from search import indexing
from search.models import OutboxEntry
from search.registry import get_engine
from search.upkeep import rebuilding
from search.upkeep.verification import verify
from tests.factories import knowledge as factories
from tests.factories import pages as page_factories
from tests.factories.community import CommunityFactory, released_question, released_reply

WORDS = st.sampled_from(["Looms", "Cashew", "बुनकर", "Effluent <b>plant</b>", "Coal & coke"])
PAGES = (
    page_factories.SolutionPageFactory,
    page_factories.CaseStudyPageFactory,
    page_factories.BestPracticePageFactory,
)
SECTIONS = (
    page_factories.SolutionIndexPageFactory,
    page_factories.CaseStudyIndexPageFactory,
    page_factories.BestPracticeIndexPageFactory,
)


@pytest.fixture(autouse=True)
def source():
    """Let the real sources stand: these tests are about them."""


class Portal(RuleBasedStateMachine):
    """An hour in the life of the portal, in a transaction that is rolled back."""

    pages, schemes, questions = Bundle("pages"), Bundle("schemes"), Bundle("questions")

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        get_engine().clear()
        self.slow: list[tuple[list[OutboxEntry], list[indexing.Batch]]] = []
        self.now = timezone.now()

    @initialize()
    def open(self) -> None:
        self.sections = [make() for make in SECTIONS]
        parent = factories.ThemeFactory(name="Broad")
        self.themes = [parent, factories.ThemeFactory(name="Narrow", parent=parent)]
        self.community = CommunityFactory()

    # What people do

    @rule(target=pages, make=st.sampled_from(PAGES), words=WORDS, narrow=st.booleans(), draft=st.booleans())
    def write_page(self, make, words, narrow, draft):
        return make(title=words, themes=[self.themes[narrow]], draft=draft)

    @rule(page=pages, words=WORDS, live=st.booleans())
    def edit_page(self, page, words, live):
        if page := self._again(page):
            page.title = words
            revision = page.save_revision()
            if live:
                revision.publish()

    @rule(page=pages, section=st.integers(0, 2))
    def move_page(self, page, section):
        if (page := self._again(page)) and page.get_parent().pk != self.sections[section].pk:
            page.move(Page.objects.get(pk=self.sections[section].pk), pos="last-child")

    @rule(section=st.integers(0, 2), slug=st.integers(1, 9))
    def rename_section(self, section, slug):
        page = type(self.sections[section]).objects.get()
        page.slug = f"section-{section}-{slug}"
        page.save()

    @rule(page=pages, withdrawn=st.booleans())
    def hide_page(self, page, withdrawn):
        if page := self._again(page):
            if withdrawn:
                page.withdrawn_at = self.now
                page.save()
            elif page.live:
                page.unpublish()

    @rule(page=consumes(pages))
    def delete_page(self, page):
        if page := self._again(page):
            page.delete()

    @rule(section=st.integers(0, 2), whole=st.booleans(), page=pages)
    def make_private(self, section, whole, page):
        there = self.sections[section] if whole else self._again(page)
        if there:
            restriction = PageViewRestriction.objects.filter(page_id=there.pk).first()
            if restriction:
                restriction.delete()
            else:
                PageViewRestriction.objects.create(page_id=there.pk, restriction_type="login")

    @rule(page=pages, expires=st.booleans())
    def schedule_page(self, page, expires):
        if page := self._again(page):
            a_minute_ago = timezone.now() - timedelta(minutes=1)
            if expires:
                Page.objects.filter(pk=page.pk).update(expire_at=a_minute_ago)
            else:
                page.go_live_at = a_minute_ago
                page.save_revision(approved_go_live_at=a_minute_ago)
            publish_scheduled()

    @rule(narrow=st.booleans(), words=WORDS)
    def rename_theme(self, narrow, words):
        theme = self.themes[narrow]
        theme.name = words
        theme.save()

    @rule(target=schemes, words=WORDS)
    def write_scheme(self, words):
        return factories.SchemeFactory(name=words, themes=[self.themes[0]])

    @rule(scheme=schemes, words=WORDS, live=st.booleans())
    def update_scheme(self, scheme, words, live):
        update = factories.SchemeUpdateFactory(scheme=scheme, title=words, draft=True)
        revision = update.save_revision()
        if live:
            revision.publish()

    @rule(scheme=schemes)
    def take_scheme_back(self, scheme):
        scheme.refresh_from_db()
        if scheme.live:
            scheme.unpublish()
        else:
            scheme.save_revision().publish()

    @rule(target=questions, words=WORDS)
    def release_question(self, words):
        return released_question(community=self.community, title=words, themes=[self.themes[1]])

    @rule(question=questions)
    def release_reply(self, question):
        released_reply(question=question)

    @rule()
    def open_or_close_threads(self):
        self.community.threads_public = not self.community.threads_public
        self.community.save()

    # What becomes of the tasks

    @rule(times=st.integers(1, 2))
    def drain(self, times):
        for _time in range(times):
            indexing.drain(now=timezone.now(), limit=5)

    @rule()
    def begin_a_slow_drain(self):
        engine = get_engine()
        entries = indexing.claim(engine, now=timezone.now() + indexing.LEASE * 2, limit=5)
        batches = [indexing.read(source, versions) for source, versions in indexing._by_source(entries).items()]
        self.slow.append((entries, batches))

    @rule(settles=st.booleans(), last=st.booleans())
    def end_a_slow_drain(self, settles, last):
        if self.slow:
            entries, batches = self.slow.pop(-1 if last else 0)
            for batch in batches:
                indexing.write(get_engine(), batch)
            if settles:
                indexing.settle(entries, {}, now=timezone.now())

    @rule()
    def rebuild(self):
        rebuilding.rebuild()

    def teardown(self) -> None:
        try:
            while self.slow:
                self.end_a_slow_drain(settles=False, last=True)
            while indexing.drain(now=timezone.now() + timedelta(days=1)).more:
                pass
            comparison = verify()
            assert (comparison.drifted, comparison.waiting, comparison.refused) == ([], 0, 0)
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    @staticmethod
    def _again(page: KnowledgePage) -> KnowledgePage | None:
        return type(page).objects.filter(pk=page.pk).first()


@pytest.mark.django_db
def test_at_the_end_the_index_is_what_the_database_says(engine):
    examples = 12 if engine.name == "embedded" else 5
    run_state_machine_as_test(
        Portal,
        settings=hypothesis_settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_a_page_that_moved_is_found_at_its_new_address(engine):
    page = page_factories.BestPracticePageFactory(title="Looms")
    indexing.drain(now=timezone.now())
    page.move(page_factories.CaseStudyIndexPageFactory(), pos="last-child")
    indexing.drain(now=timezone.now())
    [hit] = engine.at([BestPracticePage.objects.get().get_url()], frozenset({"public"}))
    assert hit.key == f"best_practice:{page.pk}"
    assert verify().drifted == []
