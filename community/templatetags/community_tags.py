"""What pages of knowledge and of members show of the exchange. Only what everybody may read leaves the first four."""

from django import template
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from community.enums import SubmissionKind
from community.models import Draft, Question, Submission, Suggested, ThreadEvent
from community.services import threads
from community.services.writing.suggestions import looked_at
from community.states import SubmissionState
from community.views.figures import Figures, moderation_figures_at
from community.views.words import expected_decision as expected_decision_words
from community.views.writing.drafts import address_of
from knowledge.models import KnowledgePage, Theme

register = template.Library()

QUESTIONS_OF_A_THEME = 5
_FIGURES_KEPT_FOR = 600  # seconds


@register.simple_tag
def open_questions(number: int, theme: Theme | None = None) -> QuerySet[Question]:
    """Return the newest questions that wait for an answer, with ``answer_count``; of a theme where one is given."""
    questions = Question.objects.listed().open().with_answers()
    return (questions.about(theme) if theme else questions)[:number]


@register.simple_tag
def theme_questions(theme: Theme) -> QuerySet[Question]:
    """Return the newest open questions of a theme and of the themes below it."""
    return open_questions(QUESTIONS_OF_A_THEME, theme)


@register.simple_tag
def page_exchange(page: KnowledgePage) -> Question | None:
    """Return the question that a solution was written up from, where its public page exists."""
    return (
        Question.objects.filter(
            state=SubmissionState.RELEASED, compilations__page_id=page.pk, compilations__published_at__isnull=False
        )
        .select_related("author", "released_revision")
        .order_by("compilations__started_at", "pk")
        .first()
    )


@register.simple_tag
def moderation_figures() -> Figures | None:
    """Return how moderation is doing, counted at most every ten minutes; None where there is too little to count."""
    return cache.get_or_set(
        "community.moderation_figures", lambda: moderation_figures_at(timezone.now()), _FIGURES_KEPT_FOR
    )


@register.simple_tag(takes_context=True)
def looked_at_before(context: dict, submission: Submission) -> list[Suggested]:
    """Return what the asker of a question was shown before, of what the reader of the page may know of."""
    if submission.kind != SubmissionKind.QUESTION:
        return []
    return looked_at(submission.concrete, context["request"].user)


@register.simple_tag
def draft_address(draft: Draft) -> str:
    """Return the page on which its writer goes on with a draft; an empty text where there is none any more."""
    return address_of(draft)


@register.simple_tag
def expected_decision(submission: Submission) -> str:
    """Return until when the author of a waiting message can expect a decision."""
    return expected_decision_words(submission)


@register.simple_tag
def own_title(submission: Submission) -> str:
    """Return what the author of ``submission`` calls it, as far as the author may know of it."""
    return submission.own_title


@register.simple_tag
def thread_history(question: Question) -> list[ThreadEvent]:
    """Return what was done to a question's thread, newest first, for the desk."""
    return threads.history_of(question, everything=True)
