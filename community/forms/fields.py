"""Fields that take whatever a browser or a script sends and make it honest text, dates and rows."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from knowledge.models import Sector, State, Theme

#: What no keyboard types: NUL, and the mark that decoding leaves in the place of broken UTF-8.
_UNREADABLE = re.compile("[\x00\ufffd\ud800-\udfff]")
#: Signs without a shape that nobody misses, line ends and tabs aside; and those that turn the reading direction.
_CONTROLS = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]")
UNREADABLE = _("Some signs cannot be read. Paste the text again as plain text.")


def refuse_unreadable(value: object) -> None:
    """Raise ValidationError where ``value`` holds NUL or the remains of broken UTF-8, which no column takes."""
    if _UNREADABLE.search(str(value)):
        raise ValidationError(UNREADABLE, code="unreadable")


class PlainField(forms.CharField):
    """Text as typed: one form of Unicode, one kind of line end, no signs without a shape."""

    def to_python(self, value: object) -> str:
        if value is None:
            return ""
        refuse_unreadable(value)
        text = str(value).replace("\r\n", "\n").replace("\r", "\n")
        text = _CONTROLS.sub("", unicodedata.normalize("NFC", text))
        return super().to_python(text)


class LineField(PlainField):
    """Text on one line."""

    def to_python(self, value: object) -> str:
        return " ".join(super().to_python(value).split())


class SlugChoiceField(forms.ModelChoiceField):
    """A row of a vocabulary, chosen by its slug, so that no id stands in a page."""

    def __init__(self, queryset, **kwargs) -> None:
        super().__init__(queryset, to_field_name="slug", **kwargs)

    def to_python(self, value: object):
        if value:
            refuse_unreadable(value)
        return super().to_python(value)


class TreeChoiceField(SlugChoiceField):
    """A row of a vocabulary with broader terms; a narrower term names its broader one."""

    def __init__(self, queryset, **kwargs) -> None:
        super().__init__(queryset.select_related("parent"), **kwargs)

    def label_from_instance(self, term) -> str:
        return f"{term.parent}: {term}" if term.parent_id else str(term)


class SeveralSelects(forms.SelectMultiple):
    """As many lists as may be chosen from, all of one name: on a phone a list of fifty fits where boxes do not."""

    template_name = "community/widgets/several_selects.html"
    use_fieldset = True

    def __init__(self, labels, attrs=None) -> None:
        super().__init__(attrs)
        self.labels = labels

    def value_from_datadict(self, data, files, name: str) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return list(dict.fromkeys(value for value in values if value))

    def get_context(self, name: str, value, attrs) -> dict:
        context = super().get_context(name, value, attrs)
        chosen = [str(each) for each in value or ()]
        groups = [group for _name, group, _index in context["widget"]["optgroups"]]
        context["lists"] = [
            {
                "label": label,
                "chosen": chosen[position] if position < len(chosen) else "",
                "id": f"{context['widget']['attrs'].get('id', name)}_{position}",
            }
            for position, label in enumerate(self.labels)
        ]
        context["options"] = [(str(option["value"]), option["label"]) for group in groups for option in group]
        return context

    def id_for_label(self, id_: str, index=None) -> str:
        return f"{id_}_0"


class ThemesField(forms.ModelMultipleChoiceField):
    """Themes in the order in which they were chosen, by their slugs."""

    def __init__(self, *, most: int | None = None, **kwargs) -> None:
        self.most = most
        super().__init__(Theme.objects.select_related("parent"), to_field_name="slug", **kwargs)

    def label_from_instance(self, theme: Theme) -> str:
        return f"{theme.parent}: {theme}" if theme.parent_id else str(theme)

    def clean(self, value):
        for each in value or ():
            refuse_unreadable(each)
        found = super().clean(value)
        order = {slug: position for position, slug in enumerate(value or ())}
        themes = sorted(found, key=lambda theme: order.get(theme.slug, 0))
        if self.most is not None and len(themes) > self.most:
            raise ValidationError(_("Choose at most %(most)s."), code="too_many", params={"most": self.most})
        return themes


def state_field(**kwargs) -> SlugChoiceField:
    """Return the choice of a state of India."""
    return SlugChoiceField(
        State.objects.all(), **{"label": _("State"), "required": False, "empty_label": _("Not stated"), **kwargs}
    )


def sector_field(**kwargs) -> TreeChoiceField:
    """Return the choice of a trade."""
    return TreeChoiceField(
        Sector.objects.all(), **{"label": _("Sector"), "required": False, "empty_label": _("Not stated"), **kwargs}
    )
