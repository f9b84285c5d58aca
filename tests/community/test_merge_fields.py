"""Fields in the words of reasons: a closed set, filled once."""

import pytest
from django.core.exceptions import ValidationError

from community.models.moderation.merge_fields import FIELDS, check_fields, fill, names_in


@pytest.mark.parametrize("text", ["", "No fields.", "Dear {name}: {title}", "".join(f"{{{name}}}" for name in FIELDS)])
def test_words_with_known_fields_are_taken(text):
    check_fields(text)


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{name", "name}", "{{name}}", "{}", "{ name }", "{Name}", "{name.user}", "{0}", "{name!r}", "{na\nme}"],
)
def test_a_lone_brace_and_an_unknown_field_are_refused(text):
    with pytest.raises(ValidationError):
        check_fields(text)


def test_the_refusal_names_the_field_and_those_there_are():
    with pytest.raises(ValidationError) as refused:
        check_fields("Dear {nome}")
    assert "{nome}" in refused.value.messages[0]
    assert "{name}" in refused.value.messages[0]


def test_a_value_is_never_read_for_fields_and_stays_on_one_line():
    filled = fill("{name}: {title}", {"name": "{title}", "title": "Smoke\r\nBcc: all {name}"})
    assert filled == "{title}: Smoke Bcc: all {name}"


def test_fields_without_a_value_and_braces_of_others_stay():
    assert fill("{answer} {x} {", {"name": "A"}) == "{answer} {x} {"
    assert names_in("{answer} {x} {name}") == {"answer", "name"}
