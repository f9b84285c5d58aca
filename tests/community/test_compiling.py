"""From exchange to article: the draft, the second person, the rows that follow the live page."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import PageLogEntry

from community.enums import ReplyKind
from community.models import Compilation, Contribution, Event, MeToo, Quote, SolutionApprovalTask
from community.permissions import NotAllowed
from community.services import bootstrap, compiling, distribution
from community.states import SubmissionState, ThreadLife
from knowledge.models import SolutionPage
from tests.factories.community import (
    CommunityFactory,
    make_member,
    make_moderator,
    pending_question,
    pending_reply,
    released,
    released_question,
    released_reply,
)
from tests.factories.knowledge import ClusterFactory, ResourceCentreFactory, SchemeFactory, ThemeFactory
from tests.factories.pages import CaseStudyPageFactory, SolutionIndexPageFactory, SolutionPageFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    SolutionIndexPageFactory()
    bootstrap.ensure_approval()
    return CommunityFactory()


@pytest.fixture
def moderator(community):
    return make_moderator(community)


@pytest.fixture
def second(community):
    return make_moderator(community)


@pytest.fixture
def question(community, moderator):
    question = released_question(
        community=community,
        title="Who pays the manager?",
        body="We have an order. Some fear the cost.",
        tried="Two met.",
    )
    released_reply(question=question, body="In Chanderi the project\npaid *first*.", reply_kind=ReplyKind.EXPERIENCE)
    released_reply(question=question, body="Let two members do it.", reply_kind=ReplyKind.ADVICE)
    return question


def start(question, moderator):
    return compiling.start_compilation(question=question, moderator=moderator.user, now=timezone.now())


def send_for_approval(page, moderator):
    page = page.get_latest_revision_as_object()
    if not page.solution:
        page.solution = [("paragraph", "<p>Pay from the first order.</p>")]
    page.save_revision(user=moderator.user)
    page = SolutionPage.objects.get(pk=page.pk)
    page.get_workflow().start(page, moderator.user)
    return page


def decide(page, by, action="approve"):
    page = SolutionPage.objects.get(pk=page.pk)
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, by.user, action)
    return SolutionPage.objects.get(pk=page.pk)


def publish(page, moderator, second):
    return decide(send_for_approval(page, moderator), second)


def quote_of(page):
    return next(block for block in page.experiences if block.block_type == "quote")


# The draft


def test_the_draft_is_filled_from_the_exchange_and_is_not_public(question, moderator):
    theme = question.themes.get()
    scheme = SchemeFactory(name="Handloom Cluster Programme")
    centre = ResourceCentreFactory(short_name="CDTC")
    case = CaseStudyPageFactory(cluster=ClusterFactory(city="Chanderi"), themes=[theme])
    SchemeFactory(name="Another programme altogether", short_name="STEP")
    released_reply(
        question=question,
        body="The handloom cluster programme pays; ask CDTC step by step.",
        reply_kind=ReplyKind.REFERENCE,
    )

    page = start(question, moderator).get_latest_revision_as_object()

    assert not page.live
    assert page.title == page.subject == "Who pays the manager?"
    assert page.problem == "We have an order. Some fear the cost.\n\nTwo met."
    assert next(block.value.source for block in page.solution) == "<p>Let two members do it.</p>"
    assert quote_of(page).value["text"] == "In Chanderi the project\npaid *first*."
    assert [(block.value["part"], block.value["count"]) for block in page.contributors] == [
        ("asked", 1),
        ("replied", 1),
        ("replied", 1),
        ("replied", 1),
        ("compiled", 1),
    ]
    assert list(page.themes.all()) == [theme]
    assert [*page.schemes.all(), *page.resource_centres.all(), *page.case_studies.all()] == [scheme, centre, case]


def test_compiling_twice_opens_the_same_draft(question, moderator, second):
    assert start(question, moderator).pk == start(question, second).pk
    assert Compilation.objects.count() == 1


def test_the_words_of_members_become_text_never_markup(question, moderator):
    released_reply(question=question, body="Use <script>alert(1)</script> & care.", reply_kind=ReplyKind.ADVICE)

    page = start(question, moderator).get_latest_revision_as_object()

    assert "<script>" not in str(page.solution)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; care." in page.solution[1].value.source


def test_only_moderators_of_the_community_compile(question):
    stranger = make_moderator(CommunityFactory())
    for person in (stranger, make_member(question.community)):
        with pytest.raises(NotAllowed):
            start(question, person)


def test_a_question_without_released_answer_is_not_compiled(community, moderator):
    question = released_question(community=community)
    pending_reply(question=question)
    with pytest.raises(NotAllowed):
        start(question, moderator)
    with pytest.raises(NotAllowed):
        start(pending_question(community=community), moderator)


def test_a_solution_that_stands_already_keeps_its_words(question, moderator):
    standing = SolutionPageFactory(problem="Our own words.")

    page = compiling.start_compilation(
        question=question, moderator=moderator.user, now=timezone.now(), page=standing
    ).get_latest_revision_as_object()

    assert page.problem == "Our own words."
    assert len(page.experiences) == 1
    assert SolutionPage.objects.get(pk=standing.pk).live


# Quotes


def test_a_forged_quote_is_refused_at_its_block_when_the_draft_is_saved(question, moderator):
    page = start(question, moderator).get_latest_revision_as_object()
    block = page.experiences.stream_block
    quote = dict(quote_of(page).value)

    page.experiences[0] = ("quote", {**quote, "text": "Words that nobody wrote."}, str(uuid4()))

    with pytest.raises(ValidationError) as refused:
        block.clean(page.experiences)
    assert "do not stand in the reply" in str(refused.value.block_errors[0].block_errors["text"])


def test_a_page_with_a_forged_quote_never_goes_live_whatever_way(question, moderator, second):
    page = send_for_approval(start(question, moderator), moderator)
    revision = page.latest_revision
    revision.content["experiences"] = revision.content["experiences"].replace("Chanderi", "Nowhere")
    revision.save()

    with pytest.raises(PermissionDenied):
        decide(page, second)
    with pytest.raises((PermissionDenied, ValidationError)):
        revision.publish()
    assert not SolutionPage.objects.get(pk=page.pk).live


# The second person


def test_the_one_who_compiled_does_not_approve(question, moderator, second):
    page = send_for_approval(start(question, moderator), moderator)
    with pytest.raises(PermissionDenied):
        decide(page, moderator)
    assert decide(page, second).live


def test_the_compiler_does_not_approve_what_another_handed_in(question, moderator, second):
    page = send_for_approval(start(question, moderator), second)
    for person in (moderator, second):
        with pytest.raises(PermissionDenied):
            decide(page, person)
    third = make_moderator(question.community)
    assert decide(page, third).live


def test_nobody_publishes_a_compiled_page_past_the_workflow_not_even_an_administrator(question, moderator):
    administrator = UserFactory(superuser=True)
    page = send_for_approval(start(question, moderator), moderator)

    for user in (moderator.user, administrator):
        with pytest.raises(PermissionDenied):
            page.latest_revision.publish(user=user, skip_permission_checks=True)
    with LogContext(user=administrator), pytest.raises(PermissionDenied):
        page.get_latest_revision_as_object().save_revision().publish()
    assert not SolutionPage.objects.get(pk=page.pk).live


def test_a_copy_of_a_compiled_page_does_not_go_live_by_itself(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)
    with LogContext(user=second.user), pytest.raises(PermissionDenied):
        page.copy(update_attrs={"slug": "copy"}, user=second.user, keep_live=True)


def test_an_edit_after_the_approval_needs_another(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)
    revision = page.save_revision(user=second.user)
    with pytest.raises(PermissionDenied):
        revision.publish(user=second.user, skip_permission_checks=True)
    assert decide(send_for_approval(page, second), make_moderator(question.community)).live


def test_a_version_written_over_after_its_approval_is_not_published_again(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)
    revision = page.latest_revision
    page.save_revision(user=moderator.user, overwrite_revision=revision)
    page.unpublish()
    with pytest.raises(PermissionDenied):
        page.latest_revision.publish(user=second.user, skip_permission_checks=True)


def test_the_compiler_cannot_change_the_page_while_it_is_reviewed(question, moderator, second):
    page = send_for_approval(start(question, moderator), moderator)
    assert page.get_lock().for_user(moderator.user)
    assert not page.get_lock().for_user(second.user)


def test_the_page_waits_for_the_second_person_only(question, moderator, second):
    send_for_approval(start(question, moderator), moderator)
    task = SolutionApprovalTask.objects.get()
    assert not task.get_task_states_user_can_moderate(moderator.user).exists()
    assert task.get_task_states_user_can_moderate(second.user).exists()


# Publishing


def test_publishing_links_page_and_question_closes_it_and_tells_the_followers_once(question, moderator, second):
    also = make_member(question.community)
    MeToo.objects.create(question=question, member=also, created_at=timezone.now())
    bystander = make_member(question.community)

    page = publish(start(question, moderator), moderator, second)

    question.refresh_from_db()
    assert question.life == ThreadLife.COMPILED
    assert Compilation.objects.get().published_at == page.last_published_at
    quote = Quote.objects.get()
    assert (quote.page_id, str(quote.block_id), quote.reply.question_id) == (page.pk, quote_of(page).id, question.pk)
    parts = set(Contribution.objects.values_list("member_id", "part"))
    assert {(question.author_id, "asked"), (moderator.pk, "compiled"), (second.pk, "approved")} <= parts
    event = Event.objects.get(key=f"compiled:{question.pk}:{page.pk}")
    distribution.fan_out(event_id=event.pk, now=timezone.now())
    told = set(event.deliveries.values_list("member_id", flat=True))
    assert {question.author_id, also.pk} <= told
    assert bystander.pk not in told


def test_unpublishing_takes_the_rows_back_and_publishing_again_tells_nobody_twice(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)

    page.unpublish()

    question.refresh_from_db()
    assert question.life == ThreadLife.CLOSED
    assert not Quote.objects.exists()
    assert not Contribution.objects.exists()
    assert Compilation.objects.get().published_at is None

    publish(page, moderator, second)
    question.refresh_from_db()
    assert question.life == ThreadLife.COMPILED
    assert Quote.objects.count() == 1
    assert Event.objects.filter(key__startswith="compiled:").count() == 1


def test_a_quote_that_was_taken_out_leaves_no_row(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)
    page.experiences = []
    page.save_revision(user=moderator.user)

    assert Quote.objects.count() == 1, "a draft changes nothing"

    publish(page, moderator, second)
    assert not Quote.objects.exists()


def test_going_back_to_an_earlier_version_rebuilds_the_rows(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)
    earlier = page.latest_revision
    page.experiences = []
    page.save_revision(user=moderator.user)
    page = publish(page, moderator, second)
    assert not Quote.objects.exists()

    earlier.as_object().save_revision(user=moderator.user, previous_revision=earlier)
    publish(SolutionPage.objects.get(pk=page.pk), moderator, second)

    assert Quote.objects.count() == 1


def test_deleting_the_page_leaves_the_question_closed(question, moderator, second):
    publish(start(question, moderator), moderator, second).delete()
    question.refresh_from_db()
    assert question.life == ThreadLife.CLOSED
    assert not Compilation.objects.exists()


def test_a_sweep_heals_what_broke_off_between_page_and_rows(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)
    Quote.objects.all().delete()
    Event.objects.filter(key__startswith="compiled:").delete()
    Compilation.objects.update(published_at=None)
    type(question).objects.update(life=ThreadLife.OPEN)

    assert compiling.reconcile(now=timezone.now()) == 1

    question.refresh_from_db()
    assert question.life == ThreadLife.COMPILED
    assert Quote.objects.count() == 1
    assert Event.objects.filter(key=f"compiled:{question.pk}:{page.pk}").exists()
    assert compiling.reconcile(now=timezone.now()) == 0


def test_the_sweep_finds_a_page_that_went_away_unseen(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)
    SolutionPage.objects.filter(pk=page.pk).update(live=False)

    assert compiling.reconcile(now=timezone.now()) == 1

    question.refresh_from_db()
    assert question.life == ThreadLife.CLOSED
    assert not Quote.objects.exists()


def test_a_hidden_reply_stops_the_next_publishing_with_a_reason_not_an_error(question, moderator, second):
    page = send_for_approval(start(question, moderator), moderator)
    reply = question.replies.order_by("pk").first()
    type(reply).objects.filter(pk=reply.pk).update(state=SubmissionState.HIDDEN)

    with pytest.raises(PermissionDenied, match="not released"):
        decide(page, second)

    assert not SolutionPage.objects.get(pk=page.pk).live


def test_wagtails_log_names_the_second_person(question, moderator, second):
    page = publish(start(question, moderator), moderator, second)
    assert PageLogEntry.objects.get(page=page, action="wagtail.publish").user == second.user


def test_hand_written_solutions_are_published_as_before():
    editor = UserFactory(superuser=True)
    page = SolutionPageFactory(themes=[ThemeFactory()])
    page.save_revision(user=editor).publish(user=editor)
    assert SolutionPage.objects.get(pk=page.pk).live


def test_late_answers_do_not_reopen_what_was_written_up(question, moderator, second):
    publish(start(question, moderator), moderator, second)
    released(pending_reply(question=question))
    question.refresh_from_db()
    assert question.life == ThreadLife.COMPILED
