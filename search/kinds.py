"""The kinds of things that are found: the values of ``kind=`` in an address, with their words and stamps."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """The word for one thing, the word for several, and the name of the stamp beside it.

    ``is_written_in_one_language`` says that a thing stands at one address, and its translation is another thing; all
    others are shown in the reader's language, by the language in their address.
    """

    label: str | Promise
    plural: str | Promise
    icon: str
    is_written_in_one_language: bool = False


#: In the order in which the filter offers them where counts are equal.
KINDS: dict[str, Kind] = {
    "solution": Kind(_("Solution"), _("Solutions"), "solution", is_written_in_one_language=True),
    "case_study": Kind(_("Case study"), _("Case studies"), "case", is_written_in_one_language=True),
    "best_practice": Kind(_("Good practice"), _("Good practices"), "practice", is_written_in_one_language=True),
    "question": Kind(_("Question"), _("Questions"), "question"),
    "scheme": Kind(_("Scheme"), _("Schemes"), "scheme"),
    "theme": Kind(_("Theme"), _("Themes"), "theme"),
    "resource_centre": Kind(_("Resource centre"), _("Resource centres"), "centre"),
    "initiative": Kind(_("Initiative"), _("Initiatives"), "initiative"),
    "cluster": Kind(_("Cluster"), _("Clusters"), "cluster"),
    "institution": Kind(_("Institution"), _("Institutions"), "institution"),
    "faq": Kind(_("Frequent question"), _("Frequent questions"), "question"),
    "glossary": Kind(_("Term"), _("Terms"), "word"),
    "definition": Kind(_("Definition"), _("Definitions"), "word"),
    "publication": Kind(_("Publication"), _("Publications"), "word"),
    "statistic": Kind(_("Figure"), _("Figures"), "figure"),
}
