"""What search learns of a question, and who may be shown it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.models import Community, Compilation, Submission
from community.search_sources import QuestionSource, audiences
from community.services import communities, discussion
from community.states import SubmissionState
from knowledge.search_sources import KNOWLEDGE
from search.documents import PUBLIC, community_audience
from search.models import OutboxEntry
from tests.factories.community import (
    MemberFactory,
    in_state,
    make_member,
    pending_reply,
    released_question,
    released_reply,
)
from tests.factories.knowledge import SectorFactory, StateFactory, ThemeFactory
from tests.factories.pages import SolutionPageFactory

pytestmark = pytest.mark.django_db

SOURCE = QuestionSource()


def document_of(question):
    documents = list(SOURCE.documents([f"question:{question.pk}"]))
    return documents[0] if documents else None


@pytest.mark.parametrize("state", [state for state in SubmissionState if state != SubmissionState.RELEASED])
def test_only_released_questions_are_offered(community, state):
    question = in_state(state, community=community)
    if state == SubmissionState.HIDDEN:
        Submission.objects.filter(pk=question.pk).update(state=state)
    assert list(SOURCE.keys()) == []
    assert document_of(question) is None
    assert SOURCE.visible([f"question:{question.pk}"], AnonymousUser()) == set()


def test_the_title_is_for_everybody_the_words_for_members(community):
    question = released_question(community=community, title="A public title", body="Inner *words*", tried="A pump")
    released_reply(question=question, body="A settling tank")
    pending_reply(question=question, body="Not yet checked")
    public, inner = document_of(question).parts
    assert public.audiences == {PUBLIC}
    assert (public.title, public.body, public.summary) == ("A public title", "", "")
    assert inner.audiences == {community_audience(community.slug)}
    assert inner.body == "Inner words\n\nA pump\n\nA settling tank"


def test_no_name_of_a_person_is_in_a_document(community):
    author = make_member(community, name="Asha Rao", organisation="Konkan cluster")
    document = document_of(released_question(community=community, author=author))
    assert "Asha" not in repr(document)
    assert "Konkan" not in repr(document)


def test_where_threads_are_public_the_words_are_too(community):
    question = released_question(community=community)
    OutboxEntry.objects.all().delete()
    community.threads_public = True
    community.save()
    assert PUBLIC in document_of(question).parts[1].audiences
    assert OutboxEntry.objects.filter(key=f"question:{question.pk}").exists(), "all its questions are taken anew"


def test_terms_carry_their_broader_terms(community):
    theme, sector = ThemeFactory(parent=ThemeFactory()), SectorFactory(parent=SectorFactory())
    state = StateFactory()
    document = document_of(released_question(community=community, themes=[theme], sector=sector, state_of_india=state))
    assert document.themes == (theme.parent.slug, theme.slug)
    assert document.sectors == (sector.parent.slug, sector.slug)
    assert document.states == (state.slug,)


def test_a_question_in_hindi_is_indexed_as_hindi(community):
    question = released_question(community=community, title="बैंक से ऋण कैसे मिले?", body="बैंक ने मना किया।")
    assert document_of(question).language == "hi"


def test_audiences_are_the_communities_one_is_in_now(community):
    member = make_member(community)
    assert audiences(member.user) == {community_audience(community.slug)}
    communities.leave(membership=member.memberships.get(), now=timezone.now())
    assert audiences(member.user) == set()
    assert audiences(AnonymousUser()) == audiences(None) == audiences(MemberFactory().user) == set()


def test_a_hidden_question_is_visible_to_its_author_and_moderators_alone(community):
    question = released_question(community=community)
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    key = f"question:{question.pk}"
    assert SOURCE.visible([key], question.author.user) == {key}
    assert SOURCE.visible([key], make_member(community).user) == set()
    assert SOURCE.visible([key], None) == set()


def test_documents_cost_the_same_queries_whatever_their_number(community, django_assert_max_num_queries):
    questions = [released_question(community=community) for _number in range(3)]
    for question in questions:
        released_reply(question=question)
    keys = [f"question:{question.pk}" for question in questions]
    with django_assert_max_num_queries(4):
        assert len(list(SOURCE.documents(keys))) == 3


def test_keys_of_other_kinds_are_left_alone(community):
    assert Community.objects.count() == 1
    assert list(SOURCE.documents(["solution:1"])) == []


def have_it_too(question, number: int) -> None:
    for _member in range(number):
        discussion.mark_me_too(question=question, member=make_member(question.community), now=timezone.now())


def test_a_question_is_as_useful_as_members_have_it_too_and_is_taken_anew_when_that_changes(community):
    question = released_question(community=community)
    OutboxEntry.objects.all().delete()
    have_it_too(question, 2)
    assert document_of(question).usefulness == 2
    assert OutboxEntry.objects.get(key=f"question:{question.pk}").version == 2
    member = question.me_toos.first().member
    discussion.mark_me_too(question=question, member=member, now=timezone.now())
    assert OutboxEntry.objects.get(key=f"question:{question.pk}").version == 2, "nothing changed"
    discussion.unmark_me_too(question=question, member=member)
    assert document_of(question).usefulness == 1
    assert OutboxEntry.objects.get(key=f"question:{question.pk}").version == 3


def test_a_solution_is_as_useful_as_members_have_one_of_its_problems(community):
    questions = [released_question(community=community) for _number in range(2)]
    page, draft = SolutionPageFactory(), SolutionPageFactory()
    now = timezone.now()
    for question in questions:
        values = {"question": question, "started_by": make_member(community), "started_at": now}
        Compilation.objects.create(page=page, published_at=now, **values)
        Compilation.objects.create(page=draft, **values)
        have_it_too(question, 2)
    member = questions[0].me_toos.first().member
    discussion.mark_me_too(question=questions[1], member=member, now=now)
    [known] = KNOWLEDGE.documents([f"solution:{page.pk}"])
    assert known.usefulness == 4, "each member counts once"
    [unknown] = KNOWLEDGE.documents([f"solution:{draft.pk}"])
    assert unknown.usefulness == 0, "what is not published yet answers nobody"
    OutboxEntry.objects.all().delete()
    discussion.unmark_me_too(question=questions[0], member=member)
    assert OutboxEntry.objects.filter(key=f"solution:{page.pk}").exists()
