"""What lies with its author: reminded twice, told of the lapse beforehand, lapsed at the end. The text always stays."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from community.models import Submission
from community.services import notices
from community.services.moderation.moves import move
from community.states import Action, SubmissionState


def _steps() -> list[int]:
    """Return the days after the return at which something happens: reminders, the word before the lapse, the lapse."""
    told = settings.RETURNED_LAPSE_DAYS - settings.RETURNED_LAPSE_NOTICE_DAYS
    return [*settings.RETURNED_REMINDER_DAYS, told, settings.RETURNED_LAPSE_DAYS]


@transaction.atomic
def remind(*, submission_id: int, now: datetime) -> bool:
    """Do what is due at ``now`` for an item that lies with its author; return whether there was anything to do.

    A late sweep leaves out the reminders that were missed, never the word before the lapse: who was told late has as
    many days left as who was told in time.
    """
    submission = (
        Submission.objects.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked,
        )
        .filter(pk=submission_id, state=SubmissionState.RETURNED, remind_at__lte=now)
        .first()
    )
    if submission is None:
        return False
    steps = _steps()
    word, lapse = len(steps) - 2, len(steps) - 1
    step = submission.reminder_step
    while step < word and submission.returned_at + timedelta(days=steps[step + 1]) <= now:
        step += 1
    if step >= lapse:
        event = move(submission, Action.LAPSE, actor=None, now=now, version=submission.version, remind_at=None)
        notices.tell_of_lapse(event=event, now=now)
        return True
    following = submission.returned_at + timedelta(days=steps[step + 1])
    if step == word:
        following = max(following, now + timedelta(days=settings.RETURNED_LAPSE_NOTICE_DAYS))
    submission.reminder_step, submission.remind_at = step + 1, following
    submission.save(update_fields=["reminder_step", "remind_at"])
    lapse_at = following if step == word else submission.returned_at + timedelta(days=steps[lapse])
    notices.remind_author(submission=submission, step=step, lapse_at=lapse_at, is_last=step == word, now=now)
    return True


def remind_due(*, now: datetime, limit: int = 500) -> int:
    """Do what is due for everything that lies with its author; return for how many something was done here."""
    due = Submission.objects.filter(state=SubmissionState.RETURNED, remind_at__lte=now).order_by("remind_at", "pk")
    done = [remind(submission_id=pk, now=now) for pk in list(due.values_list("pk", flat=True)[:limit])]
    return sum(done)
