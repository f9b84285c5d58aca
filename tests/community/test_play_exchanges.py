"""The sample exchanges: played through the real services, at past times, once."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState

from community.enums import DeliveryState, EnvelopeState
from community.management.commands.play_exchanges import PLAN
from community.models import Compilation, Delivery, Envelope, Event, Member, Membership, Question, Quote, Submission
from community.permissions import NotAllowed
from community.playing.people import DOMAIN
from community.playing.plan import PlanReader
from community.playing.play import play
from community.services import bootstrap, compiling, distribution, handover, moderation
from community.services.bootstrap import STARTING_CONTENT
from community.states import SubmissionState, ThreadLife
from knowledge.models import SolutionPage
from knowledge.services.groups import ensure_groups
from tests.factories.knowledge import SectorFactory, StateFactory, ThemeFactory
from tests.factories.pages import SolutionIndexPageFactory, SolutionPageFactory

pytestmark = pytest.mark.django_db

EXCHANGES = json.loads((STARTING_CONTENT / "exchanges.json").read_text(encoding="utf-8"))
WORDS = json.loads(PLAN.read_text(encoding="utf-8"))
#: One of each end, so that the tests stay quick; that the plan fits all rows is tested without playing them.
CHOSEN = (
    "imports-took-our-product",
    "yellow-kernels",
    "kokum-fungus",
    "women-carry-load-and-no-cover",
    "six-weeks-and-nothing-moves",
    "fear-of-licence",
)
ROWS = [row for row in EXCHANGES if row["slug"] in CHOSEN]


@pytest.fixture(autouse=True)
def content():
    """Make the rows of the starting content that the chosen exchanges name."""
    SolutionIndexPageFactory()
    ensure_groups()
    questions = [row["question"] for row in EXCHANGES]
    themes = {theme for question in questions for theme in question["themes"]}
    themes |= {theme for row in bootstrap.read_communities() for theme in row["themes"]}
    for slug in themes:
        ThemeFactory(slug=slug)
    for slug in {question["state"] for question in questions}:
        StateFactory(slug=slug, name=slug.replace("-", " ").title())
    for slug in {question["sector"] for question in questions}:
        SectorFactory(slug=slug)
    bootstrap.bootstrap(bootstrap.read_communities())
    for row in ROWS:
        if row["compiled_into"]:
            SolutionPageFactory(slug=row["compiled_into"], problem="Words of the starting content.")


@pytest.fixture
def now():
    return timezone.now()


def play_chosen(now, rows=None, words=None):
    return play(rows=ROWS if rows is None else rows, words=words or WORDS, now=now)


def test_each_exchange_comes_to_its_end(now):
    result = play_chosen(now)

    assert (result.played, result.standing, result.problems) == (6, 0, [])
    assert sorted(Question.objects.values_list("state", flat=True)) == sorted(
        [SubmissionState.RELEASED] * 3 + [SubmissionState.PENDING, SubmissionState.RETURNED, SubmissionState.DECLINED]
    )
    assert Question.objects.filter(life=ThreadLife.COMPILED).count() == 1
    assert Submission.objects.filter(kind="reply", state=SubmissionState.PENDING).count() == 1


def test_a_written_up_exchange_is_bound_to_the_solution_that_stands(now):
    play_chosen(now)

    page = SolutionPage.objects.get(slug="product-made-obsolete-by-imports")
    compilation = Compilation.objects.get()
    approval = TaskState.objects.get(status=TaskState.STATUS_APPROVED)
    assert page.live
    assert page.problem == "Words of the starting content."
    assert Quote.objects.get().page_id == page.pk
    assert approval.finished_by_id != compilation.started_by.user_id
    assert set(page.contributions.values_list("part", flat=True)) == {"asked", "replied", "compiled", "approved"}
    assert compiling.reconcile(now=now) == 0


def test_everything_carries_the_times_of_the_plan(now):
    play_chosen(now)

    page = SolutionPage.objects.get(slug="product-made-obsolete-by-imports")
    question = Compilation.objects.get().question
    words = WORDS["imports-took-our-product"]
    published = question.submitted_at + timedelta(days=words["published_after_days"])
    assert question.submitted_at.date() == (timezone.localtime(now) - timedelta(days=34)).date()
    assert page.first_published_at == page.last_published_at == published
    assert Compilation.objects.get().published_at == question.closed_at == published
    assert page.latest_revision.created_at == published - timedelta(days=3)
    assert page.latest_revision == page.live_revision == page.revisions.order_by("-created_at").first()
    assert PageLogEntry.objects.get(page=page, action="wagtail.publish").timestamp == published
    assert not Event.objects.filter(occurred_at__gte=now).exists()


def test_the_mails_are_sent_and_nothing_old_goes_out_anew(now, settings):
    play_chosen(now)

    assert Envelope.objects.exists()
    assert set(Envelope.objects.values_list("state", flat=True)) == {EnvelopeState.SENT}
    assert all(address.endswith(".invalid") for address in Envelope.objects.values_list("address", flat=True))
    assert not Event.objects.filter(fanned_out_at=None).exists()
    before = Envelope.objects.count()
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING)
    assert not waiting.filter(created_at__lt=now - timedelta(days=8)).exists()
    assert not waiting.filter(mode="as_sent").exists()
    moderation.release_due(now=now)
    distribution.fan_out_due(now=now)
    distribution.build_due(now=now)
    handover.hand_over_due(now=now)
    assert Envelope.objects.count() == before


def test_the_samples_are_roles_that_nobody_can_sign_in_to(now):
    play_chosen(now)

    members = Member.objects.select_related("user")
    assert all(member.is_sample and member.user.email.endswith(f"@{DOMAIN}") for member in members)
    assert not any(member.user.has_usable_password() for member in members)
    assert "CDA, pump cluster, Gujarat" in {member.name for member in members}
    moderating = Membership.objects.moderating().values_list("community__slug", "member__name")
    assert len(moderating) == 2 * len({slug for slug, _name in moderating})
    assert all(name.lower().startswith(("moderator, ", "second moderator, ")) for _slug, name in moderating)


def test_played_twice_it_changes_nothing(now):
    play_chosen(now)
    counts = [model.objects.count() for model in (Submission, Envelope, Event, Delivery, Member, Quote)]

    result = play_chosen(now + timedelta(minutes=5))

    assert (result.played, result.standing) == (0, 6)
    assert [model.objects.count() for model in (Submission, Envelope, Event, Delivery, Member, Quote)] == counts


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"question": {"themes": ["no-such"]}}, "unknown theme: no-such"),
        ({"question": {"subject": "x" * 300}}, "longer than"),
        ({"question": {"body": "  "}}, "a text is empty"),
        ({"question": {"state": "atlantis"}}, "unknown state: atlantis"),
        ({"question": None}, "cannot be read"),
        ({"replies": []}, "the plan has times for 2 answers"),
        ({"replies": [{}, {}]}, "kind is missing"),
        ({"compiled_into": "no-such-page"}, "there is no solution no-such-page"),
        ({"slug": "unplanned"}, "the plan does not name it"),
        ({"slug": None}, "slug: missing"),
    ],
)
def test_a_broken_row_is_named_and_the_others_are_played(now, change, reason):
    good = next(row for row in ROWS if row["slug"] == "fear-of-licence")
    broken = next(row for row in ROWS if row["slug"] == "imports-took-our-product")
    if isinstance(change.get("question"), dict):
        change = {"question": broken["question"] | change["question"]}

    result = play_chosen(now, rows=[broken | change, good])

    assert result.played == 1
    assert [reason in problem.reason for problem in result.problems] == [True]
    assert Question.objects.count() == 1


def test_an_exchange_that_fails_in_the_middle_leaves_nothing_of_itself(now, monkeypatch):
    real = compiling.start_compilation

    def refuse(**arguments):
        raise NotAllowed("Not today.")

    monkeypatch.setattr(compiling, "start_compilation", refuse)
    rows = [row for row in ROWS if row["slug"] in ("imports-took-our-product", "fear-of-licence")]

    result = play_chosen(now, rows=rows)

    assert (result.played, [problem.slug for problem in result.problems]) == (1, ["imports-took-our-product"])
    assert Question.objects.count() == 1
    monkeypatch.setattr(compiling, "start_compilation", real)
    assert play_chosen(now, rows=rows).played == 1, "the next run plays what was left out"


def test_the_plan_fits_every_exchange_whenever_it_is_played(now):
    for row in EXCHANGES:
        if row["compiled_into"] and WORDS[row["slug"]]["ends"] == "compiled":
            standing = SolutionPage.objects.filter(slug=row["compiled_into"]).exists()
            if not standing:
                SolutionPageFactory(slug=row["compiled_into"])
    midnight = timezone.localtime(now).replace(hour=0, minute=0)
    for hours in (0, 6, 12, 18, 23):
        reader = PlanReader(WORDS, midnight + timedelta(hours=hours))
        exchanges = [reader.read(row) for row in EXCHANGES]
        assert {exchange.slug for exchange in exchanges} == set(WORDS)


def test_the_command_is_for_the_demonstration_only():
    with pytest.raises(CommandError, match="demonstration only"):
        call_command("play_exchanges")
    assert not Question.objects.exists()


def test_the_command_names_what_is_broken_and_ends_with_1(tmp_path):
    file = tmp_path / "exchanges.json"
    file.write_text(json.dumps([{"slug": "nobody-planned-this", "question": {}, "replies": []}]))
    errors = StringIO()

    with pytest.raises(CommandError) as ended:
        call_command("play_exchanges", "--force-for-tests", file=file, stderr=errors, stdout=StringIO())

    assert ended.value.returncode == 1
    assert errors.getvalue().strip() == "exchanges.json: nobody-planned-this: the plan does not name it"


@pytest.mark.parametrize("text", ["[", "{}", "\x00"])
def test_a_file_that_cannot_be_read_gets_one_sentence(tmp_path, text):
    file = tmp_path / "exchanges.json"
    file.write_text(text)
    with pytest.raises(CommandError, match=r"exchanges\.json"):
        call_command("play_exchanges", "--force-for-tests", file=file)
