"""How the editors' forms are laid out: the tabs, and the panels that many forms share."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.models import Page


def ticks(name: str, **kwargs) -> FieldPanel:
    """Return a panel with one box to tick for each row: nothing is unticked by a slip, as in a list box."""
    return FieldPanel(name, widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"}), **kwargs)


def row(*names: str) -> FieldRowPanel:
    """Return short fields side by side."""
    return FieldRowPanel([FieldPanel(name) for name in names])


def group(heading: str, *panels: Panel | str) -> MultiFieldPanel:
    """Return a closed group: what is rarely changed stays out of the way."""
    return MultiFieldPanel(list(panels), heading=heading, classname="collapsed")


def facts_panels() -> list[Panel]:
    """Return where facts come from, for what year they speak, and the notes on them."""
    return [
        HelpPanel(
            _("Saving does not confirm the facts: pages go on saying from which year they are."), heading=_("Facts")
        ),
        FieldPanel("as_of"),
        FieldPanel("notes"),
        ticks("sources"),
    ]


def withdrawal_panel(heading: str = _("Withdraw")) -> MultiFieldPanel:
    """Return the fields of a withdrawal: the address goes on answering and points to the successor."""
    return group(
        heading,
        HelpPanel(_("Something withdrawn keeps its address, says why, and points to what took its place.")),
        row("withdrawn_at", "withdrawn_reason"),
        FieldPanel("successor"),
    )


def tabs(form: type[WagtailAdminModelForm] = WagtailAdminModelForm, **panels: list[Panel | str]) -> TabbedInterface:
    """Return the tabs that are given: ``content``, ``filed``, ``facts``, ``address``, ``promote``, in this order."""
    headings = {
        "content": _("Content"),
        "filed": _("Filed under"),
        "facts": _("Facts and sources"),
        "address": _("Address"),
        "promote": _("Promote"),
    }
    return TabbedInterface(
        [ObjectList(panels[name], heading=heading) for name, heading in headings.items() if name in panels],
        base_form_class=form,
    )


def article_tabs(*content: Panel | str, links: tuple[Panel, ...] = ()) -> TabbedInterface:
    """Return the form of a solution, case study or best practice; ``links`` are the other things it names."""
    return tabs(
        form=WagtailAdminPageForm,
        content=[*Page.content_panels, FieldPanel("summary"), *content],
        filed=[ticks("themes"), ticks("sectors"), ticks("states"), FieldPanel("stage"), *links],
        facts=[
            HelpPanel(
                _("Saving does not confirm the facts: pages go on saying from which year they are."), heading=_("Facts")
            ),
            row("as_of", "review_on"),
            ticks("sources"),
            withdrawal_panel(),
        ],
        promote=Page.promote_panels,
    )


def page_tabs(*content: Panel | str) -> TabbedInterface:
    """Return the form of the home page, a section or a plain page."""
    return tabs(form=WagtailAdminPageForm, content=[*Page.content_panels, *content], promote=Page.promote_panels)
