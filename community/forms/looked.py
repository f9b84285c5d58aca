"""What was suggested travels with the form beside which it was shown, sealed: nobody can say to have seen other things.

Beside each suggestion stand three fields: ``shown`` (the seal), ``because`` (a line of the asker, maybe empty) and
``opened`` (ticked, by hand or by the script, with the key and maybe the moment).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.services.writing.suggestions import BECAUSE_MAX_LENGTH, MOST, Looked, Suggestion

from .fields import LineField
from .numbers import number_in

#: The fields that stand beside each suggestion.
NAMES = ("shown", "because", "opened")
_SALT = "community.suggested"
#: A form that was opened longer ago says nothing any more of what its asker saw.
_VALID_FOR = 7 * 24 * 3600
_LONGEST_SEAL = 4000
_LONGEST_TITLE, _LONGEST_ADDRESS = 255, 500


def sealed(suggestion: Suggestion, *, member: Member, now: datetime) -> str:
    """Return what the page carries of a suggestion that it shows to ``member``."""
    hit = suggestion.hit
    said = [member.pk, hit.key, hit.title[:_LONGEST_TITLE], hit.url, suggestion.rank, suggestion.matched]
    return signing.dumps([*said, now.timestamp()], salt=_SALT, compress=True)


def opened_seal(seal: str, *, member: Member) -> Looked | None:
    """Return what a page of ours showed to ``member``; None for anything else."""
    try:
        said = signing.loads(seal, salt=_SALT, max_age=_VALID_FOR) if len(seal) <= _LONGEST_SEAL else None
    except signing.BadSignature:
        return None
    if said is None or said[0] != member.pk or len(said[3]) > _LONGEST_ADDRESS:
        return None
    _member, key, title, address, rank, matched, shown_at = said
    return Looked(key, title, address, rank, tuple(matched), datetime.fromtimestamp(shown_at, UTC))


def looked(
    *, shown: Sequence[str], because: Sequence[str], opened: Sequence[str], member: Member, now: datetime
) -> list[tuple[str, Looked]]:
    """Return what the asker was shown, each with its seal, the first ``MOST``; forged seals are passed over.

    The lines are as typed: ``checked`` makes them honest text.
    """
    ticked = dict(tick.partition(" ")[::2] for tick in opened[:MOST])
    found: dict[str, tuple[str, Looked]] = {}
    for seal, line in zip_longest(shown[:MOST], because[: len(shown)][:MOST], fillvalue=""):
        if (one := opened_seal(seal, member=member)) is None:
            continue
        moment = _moment(ticked[one.key], one.shown_at, now) if one.key in ticked else None
        found[one.key] = (seal, replace(one, opened_at=moment, not_my_case=line))
    return list(found.values())


def checked(looked: Sequence[Looked]) -> list[Looked]:
    """Return them with the lines as honest text. Raises ValidationError."""
    line = LineField(max_length=BECAUSE_MAX_LENGTH, required=False)
    try:
        return [replace(each, not_my_case=line.clean(each.not_my_case)) for each in looked]
    except ValidationError as error:
        said = _("Not my case, because: %(what)s") % {"what": " ".join(error.messages)}
        raise ValidationError(said, code="because") from error


def _moment(milliseconds: str, shown_at: datetime, now: datetime) -> datetime:
    """Return when it was opened, as the browser says, between showing and sending; without its word, by ``now``."""
    said = number_in(milliseconds, 14)
    if said is None:
        return now
    return min(max(datetime.fromtimestamp(said / 1000, UTC), shown_at), now)
