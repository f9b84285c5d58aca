"""Fields in the words of a reason, such as {name}: a closed set, checked on saving, filled when it is given.

A filled text is plain text; whoever shows it escapes it. A value is never read for fields again.
"""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Every field with what stands in its place.
FIELDS = {
    "name": _("the author's name"),
    "title": _("the title of the question"),
    "community": _("the name of the community"),
    "rules": _("the address of the rule"),
    "link": _("the address of the author's message"),
    "answer": _("the address of what answers it already; only where something is declined"),
}
#: The field that makes a reason need the address of an answer.
ANSWER = "answer"
_TOKEN = re.compile(r"\{([^{}\n]{0,40})\}")


def names_in(text: str) -> set[str]:
    """Return the names of the known fields in ``text``."""
    return {name for name in _TOKEN.findall(text) if name in FIELDS}


def check_fields(text: str) -> None:
    """Raise ValidationError where a brace stands alone or a field is none of ours."""
    unknown = sorted({name for name in _TOKEN.findall(text) if name not in FIELDS})
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    if unknown:
        raise ValidationError(
            _("There is no field %(unknown)s. You can use %(known)s."),
            code="unknown_field",
            params={"unknown": ", ".join(f"{{{name}}}" for name in unknown), "known": known},
        )
    if set("{}") & set(_TOKEN.sub("", text)):
        raise ValidationError(
            _("A brace has no partner. Write fields as %(known)s, and no other braces."),
            code="unbalanced_field",
            params={"known": known},
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with each field that has a value replaced by it on one line; others stay as they are."""

    def value_of(token: re.Match) -> str:
        name = token.group(1)
        return " ".join(values[name].split()) if name in FIELDS and name in values else token.group(0)

    return _TOKEN.sub(value_of, text)
