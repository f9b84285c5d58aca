"""The words of reasons: kept in versions, and filled for one author's message."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from community.mail.addresses import absolute, rule_address
from community.models import Member, ModerationReason, ReasonVersion, Submission
from community.models.moderation.merge_fields import ANSWER, fill

from .kinds import kind_of


@transaction.atomic
def keep_words(*, reason: ModerationReason, by: AbstractBaseUser | None, now: datetime) -> ReasonVersion:
    """Keep the words of ``reason`` as its next version; return the newest one where they are its words already."""
    ModerationReason.objects.select_for_update().get(pk=reason.pk)
    newest = reason.versions.first()
    words = {name: getattr(reason, name) for name in ReasonVersion.WORDS}
    if newest is not None and all(getattr(newest, name) == value for name, value in words.items()):
        return newest
    number = newest.number + 1 if newest else 1
    return ReasonVersion.objects.create(reason=reason, number=number, made_by=by, made_at=now, **words)


def version_of(reason: ModerationReason, now: datetime) -> ReasonVersion:
    """Return the words of ``reason`` that count now."""
    return reason.versions.first() or keep_words(reason=reason, by=None, now=now)


def words_for(
    reason: ModerationReason | ReasonVersion,
    submission: Submission,
    *,
    answer: str | None = None,
    text: str = "",
    member: Member | None = None,
) -> str:
    """Return what the author of ``submission`` reads, or another ``member``, in their language, with the fields filled.

    ``text`` stands instead of the reason's own words; of its fields only {answer} is filled, as a moderator who typed
    or changed it saw the others filled. Without ``answer`` the field {answer} stays as it is.
    """
    given = {} if answer is None else {ANSWER: answer}
    if text:
        return fill(text, given)
    language = (member or submission.author).mail_language
    nobody_alone = member is None and kind_of(submission).is_joint
    with translation.override(language):
        values = {
            "name": _("member") if nobody_alone else str(member or submission.author),
            "title": submission.own_title,
            "community": str(submission.community),
            "rules": rule_address(reason.rule_link, submission.community),
            "link": absolute(submission.own_address),
        }
    return fill((reason.text_hi if language == "hi" else "") or reason.text, values | given)
