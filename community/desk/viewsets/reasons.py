"""What the admin's list of reasons has beside other lists: each save keeps the words, uses are counted and shown."""

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.admin.ui.tables import Column

from community.models import ModerationReason
from community.models.moderation.merge_fields import FIELDS
from community.services import moderation

#: How often each reason was given, for a list of reasons that ``with_uses`` has counted.
USES = Column("uses", label=gettext_lazy("Used"))


def with_uses(rows: QuerySet) -> QuerySet:
    """Count the entries of the log that name each of ``rows`` (reasons or wordings), as ``uses``."""
    return rows.annotate(uses=Count("events"))


def _fields_help() -> str:
    listed = "; ".join(f"{{{name}}}: {meaning}" for name, meaning in FIELDS.items())
    return _("These are replaced for each author: %(fields)s.") % {"fields": listed}


def panels() -> list[Panel]:
    """Return the panels of the form for a reason."""
    fields_help = lazy(_fields_help, str)()
    return [
        FieldPanel("code"),
        FieldPanel("action"),
        FieldPanel("name"),
        FieldPanel("name_hi"),
        FieldPanel("text", help_text=fields_help),
        FieldPanel("text_hi", help_text=fields_help),
        FieldPanel("rule_link"),
        FieldPanel("is_conduct"),
        FieldPanel("kind"),
        FieldPanel("order"),
        FieldPanel("ended_at"),
    ]


class KeepsWords:
    """A view that saves a reason: its words become the next version, with who wrote them."""

    @transaction.atomic
    def save_instance(self) -> ModerationReason:
        reason = super().save_instance()
        moderation.keep_words(reason=reason, by=self.request.user, now=timezone.now())
        return reason


class ShowsWordings:
    """The page of a reason: every wording there was, who wrote it, when, and how often it was given."""

    page_title = gettext_lazy("History")
    template_name = "community/desk/reason.html"

    def get_context_data(self, **kwargs) -> dict:
        wordings = list(with_uses(self.object.versions.select_related("made_by")))
        return super().get_context_data(**kwargs) | {
            "reason": self.object,
            "wordings": wordings,
            "uses": self.object.events.count(),
        }
