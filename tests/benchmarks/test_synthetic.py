import random
from datetime import UTC, datetime
from itertools import chain

import pytest
from django.core.management import call_command
from wagtail.models import Page

from community.models import Member, Membership, Question
from community.search_sources import audiences
from knowledge.models import Cluster, GlossaryTerm, SolutionPage
from knowledge.sanitize import render_markdown
from search.documents import PUBLIC, SearchCriteria
from search.query import find
from search.registry import sources
from search.upkeep.rebuilding import rebuild
from search.upkeep.verification import verify
from tests.benchmarks.synthetic import PREFIX, filling, threads, words, world
from tests.factories import knowledge as rows
from tests.factories.users import UserFactory

TODAY = datetime(2026, 11, 1, tzinfo=UTC)
DOCUMENTS = 300


@pytest.fixture
def _terms(db):
    call_command("bootstrap_site", verbosity=0)
    for factory in (rows.SectorFactory, rows.StateFactory, rows.StageFactory, rows.ClusterTypeFactory):
        factory.create_batch(3)
    rows.InstitutionTypeFactory()
    for theme in rows.ThemeFactory.create_batch(2):
        rows.ThemeFactory(parent=theme)


@pytest.fixture
def _filled(_terms):
    filling.fill(DOCUMENTS, today=TODAY)


def keys() -> list[str]:
    found = chain.from_iterable(source.keys() for source in sources())
    return [key for key in found if not key.startswith("theme:")]


def documents() -> list:
    return list(chain.from_iterable(source.documents(list(source.keys())) for source in sources()))


@pytest.mark.usefixtures("_filled")
def test_every_source_yields_its_share_of_documents():
    shares = filling.share_out(DOCUMENTS)
    assert sum(shares.values()) == DOCUMENTS
    found = {kind: sum(key.startswith(f"{kind}:") for key in keys()) for kind in shares}
    assert found == shares
    built = [document for document in documents() if document.kind != "theme"]
    assert len(built) == DOCUMENTS
    assert all("[synthetic" in document.title and PREFIX in document.url for document in built)
    assert {"hi", "en"} == {document.language for document in built}


@pytest.mark.usefixtures("_filled")
def test_what_readers_may_not_see_is_there_and_in_no_document():
    standing = filling.standing()
    assert sum(standing.values()) - standing["member"] > DOCUMENTS
    hidden = Question.objects.exclude(state="released")
    assert {question.state for question in hidden} == {"pending", "hidden"}
    assert SolutionPage.objects.exclude(pk__in=SolutionPage.objects.current()).exists()
    closed = [document for document in documents() if document.kind == "question" and len(document.parts) == 2]
    assert {PUBLIC in document.parts[1].audiences for document in closed} == {True, False}


@pytest.mark.usefixtures("_filled")
def test_the_index_is_equal_after_a_rebuild_and_answers():
    rebuild()
    comparison = verify()
    assert not comparison.drifted
    assert comparison.waiting == comparison.refused == 0
    word = words.english().words[3]
    assert find(SearchCriteria(text=word)).total > 0
    member = Member.objects.first()
    assert audiences(member.user), "a member reads what visitors do not"


@pytest.mark.usefixtures("_filled")
def test_the_pages_of_synthetic_entries_open(client):
    shown = [next(each for each in documents() if each.kind == kind) for kind in filling.SHARES]
    for address in ["/", "/search/?q=cluster", *(document.url.partition("#")[0] for document in shown)]:
        assert client.get(address).status_code == 200, address


@pytest.mark.usefixtures("_filled")
def test_the_tree_of_pages_is_whole():
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.usefixtures("_filled")
def test_nobody_is_sent_mail():
    assert set(Membership.objects.values_list("delivery_mode", "wants_digest")) == {("none", False)}


@pytest.mark.usefixtures("_terms")
def test_a_second_run_adds_what_lacks_and_the_same_seed_makes_the_same_texts():
    filling.fill(60, today=TODAY)
    first = list(Cluster.objects.order_by("pk").values_list("slug", "name", "notes"))
    filling.fill(120, today=TODAY)
    assert len(keys()) == 120
    grown = list(Cluster.objects.order_by("pk").values_list("slug", "name", "notes"))
    assert grown[: len(first)] == first
    assert filling.fill(120, today=TODAY) == 0
    GlossaryTerm.objects.all().delete()
    assert filling.fill(120, today=TODAY) > 0
    assert len(keys()) == 120


@pytest.mark.usefixtures("_terms")
def test_real_content_and_real_accounts_are_refused():
    filling.fill(30, today=TODAY)
    filling.refuse_real_content()
    own = rows.ClusterFactory()
    with pytest.raises(filling.RealContent, match=own.slug):
        filling.refuse_real_content()
    own.delete()
    UserFactory(email="somebody@example.org")
    with pytest.raises(filling.RealContent, match="1 accounts"):
        filling.refuse_real_content()


@pytest.mark.django_db
def test_a_database_without_the_starting_content_is_told():
    with pytest.raises(world.NothingToReferTo, match="load_content"):
        filling.fill(10, today=TODAY)


def test_paragraphs_are_what_the_portal_makes_of_them():
    writer = words.Writer(random.Random(1))
    body = "\n\n".join(writer.paragraphs(300))
    assert threads.paragraphs_of(body) == render_markdown(body)


def test_words_follow_their_ranks():
    vocabulary = words.english()
    assert len(vocabulary.words) > 20_000
    drawn = vocabulary.draw(random.Random(1), 20_000)
    assert drawn.count(vocabulary.words[0]) > 5 * drawn.count(vocabulary.words[50])
    assert len(words.hindi().words) > 100
