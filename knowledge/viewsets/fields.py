"""Form fields for what is stored as JSON, so that nobody has to type brackets."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.base import BlockField, BlockWidget


class GlossaryDefinitionBlock(blocks.StructBlock):
    """One definition of a term with the source that gives it."""

    text = blocks.TextBlock(label=_("Definition"), rows=3)
    source = blocks.CharBlock(label=_("Source"), max_length=255)

    class Meta:
        icon = "openquote"
        label = _("Definition")


class GlossaryDefinitionsBlock(blocks.StreamBlock):
    """The definitions of a term; a stream of one kind, because Wagtail's script wants a stream at the top."""

    definition = GlossaryDefinitionBlock()


class RowsWidget(BlockWidget):
    """Reads a form that came without its rows, or with broken ones, as a form without rows."""

    def value_from_datadict(self, data, files, name):
        count = data.get(f"{name}-count", "")
        if not (count.isascii() and count.isdigit() and len(count) < 4):
            return self.block_def.to_python([])
        try:
            return super().value_from_datadict(data, files, name)
        except (KeyError, ValueError):
            return self.block_def.to_python([])


class DefinitionsField(BlockField):
    """Rows of definition and source; cleaned to the list of ``{"text", "source"}`` that the column holds."""

    def __init__(self, **kwargs) -> None:
        block = GlossaryDefinitionsBlock(min_num=1)
        super().__init__(block=block, widget=RowsWidget(block), **kwargs)

    def prepare_value(self, value):
        if isinstance(value, list) or value is None:
            return self.block.to_python([{"type": "definition", "value": row} for row in value or []])
        return value

    def clean(self, value) -> list[dict]:
        return _as_rows(super().clean(value))

    def has_changed(self, initial, data) -> bool:
        return (initial or []) != _as_rows(data)


def _as_rows(stream) -> list[dict]:
    return [dict(child.value) for child in stream]


class NamedValuesField(forms.CharField):
    """A JSON object typed as lines ``name: value``; a value that is no plain text or number stays as JSON."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value):
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{name}: {_write(part)}" for name, part in value.items())

    def to_python(self, value) -> dict:
        named = {}
        for line in (value or "").splitlines():
            if not line.strip():
                continue
            name, colon, text = line.partition(":")
            if not (colon and name.strip() and text.strip()):
                raise ValidationError(_("Write one on each line, as name: value."), code="named_values")
            named[name.strip()] = _read(text.strip())
        return named

    def has_changed(self, initial, data) -> bool:
        return self.disabled is False and (initial or {}) != self.to_python(data)


def _read(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _write(value) -> str:
    """Return ``value`` so that ``_read`` gives it back."""
    plain = isinstance(value, str) and value == value.strip() and value and "\n" not in value and _read(value) == value
    return value if plain else json.dumps(value, ensure_ascii=False)
