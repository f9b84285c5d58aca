"""What pages of knowledge show of the exchange is what everybody may read."""

import pytest
from django.utils import timezone

from community.models import Submission
from community.states import SubmissionState
from community.templatetags.community_tags import moderation_figures, open_questions, page_exchange, theme_questions
from tests.factories.community import closed, in_state, pending_reply, released_question, released_reply
from tests.factories.knowledge import ThemeFactory
from tests.factories.pages import SolutionPageFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [state for state in SubmissionState if state != SubmissionState.RELEASED])
def test_only_released_questions_wait_for_an_answer(community, state):
    theme = ThemeFactory()
    question = in_state(state, community=community, themes=[theme])
    if state == SubmissionState.HIDDEN:
        Submission.objects.filter(pk=question.pk).update(state=state)
    assert not open_questions(5).exists()
    assert not theme_questions(theme).exists()


def test_closed_questions_wait_for_no_answer(community):
    question = released_question(community=community)
    closed(question)
    assert not open_questions(5).exists()


def test_the_newest_come_first_with_the_number_of_their_released_answers(community):
    now = timezone.now()
    older = released_question(community=community, now=now - timezone.timedelta(days=1))
    newer = released_question(community=community)
    released_reply(question=older)
    pending_reply(question=older)
    assert [(question.pk, question.answer_count) for question in open_questions(5)] == [(newer.pk, 0), (older.pk, 1)]
    assert [question.pk for question in open_questions(1)] == [newer.pk]


def test_a_theme_shows_the_questions_of_its_narrower_themes_once(community):
    root = ThemeFactory()
    narrower = ThemeFactory(parent=root)
    question = released_question(community=community, themes=[root, narrower])
    assert list(theme_questions(root)) == [question]
    assert list(theme_questions(narrower)) == [question]
    assert not theme_questions(ThemeFactory())


def test_a_page_names_the_question_that_it_was_written_up_from(community):
    page = SolutionPageFactory()
    question = released_question(community=community)
    assert page_exchange(page) is None
    compilation = question.compilations.create(page=page, started_by=question.author, started_at=timezone.now())
    assert page_exchange(page) is None, "a draft says nothing"
    compilation.published_at = timezone.now()
    compilation.save()
    assert page_exchange(page) == question
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    assert page_exchange(page) is None


def test_figures_are_absent_while_nothing_was_decided():
    assert moderation_figures() is None
