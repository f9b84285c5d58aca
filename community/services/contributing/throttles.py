"""How much one account may send in a time: counted from rows, the newest alone."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community.enums import SubmissionKind
from community.models import Appeal, FlagReport, Member, MeToo, Submission

from .checking import NotNow


class TooMany(NotNow):
    """That was a lot at once; ``again_at`` is when it is possible again."""

    status = 429

    def __init__(self, again_at: datetime) -> None:
        self.again_at = again_at
        words = _("You sent a lot in a short time. You can go on from %(time)s. What you typed is kept.")
        super().__init__(words % {"time": date_format(timezone.localtime(again_at), "H:i")})


def check_throttle(*, member: Member, what: str, now: datetime) -> None:
    """Raise TooMany where ``member`` sent as many of ``what`` (a key of the setting THROTTLES) as a time allows."""
    number, seconds = settings.THROTTLES[what]
    period = timedelta(seconds=seconds)
    newest = list(_times(member, what, now - period)[:number])
    if len(newest) >= number:
        raise TooMany(newest[-1] + period)


def _times(member: Member, what: str, since: datetime):
    """Return when ``member`` sent ``what`` since then, newest first."""
    if what == "me_too":
        rows, column = MeToo.objects.filter(member=member), "created_at"
    elif what == "flag":
        rows, column = FlagReport.objects.filter(member=member), "made_at"
    elif what == "appeal":
        rows, column = Appeal.objects.filter(submission__author=member), "made_at"
    else:
        rows, column = Submission.objects.filter(author=member, kind=SubmissionKind(what)), "submitted_at"
    return rows.filter(**{f"{column}__gt": since}).order_by(f"-{column}").values_list(column, flat=True)


def was_sent(form_token: str | None) -> bool:
    """Return whether the form of this name was stored already: who clicks twice is not told to wait."""
    return bool(form_token) and Submission.objects.filter(form_token=form_token).exists()
