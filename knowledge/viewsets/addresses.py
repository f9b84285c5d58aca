"""The part of a form that makes and fixes an address."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from knowledge.slugs import unique_slug


class AddressForm(WagtailAdminModelForm):
    """Makes the address of the name where it is left blank, and fixes it once the entry is public."""

    #: The field the address is made of.
    address_of = "name"

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "slug" not in self.fields:
            return
        self.fields["slug"].required = False
        if self.has_been_public():
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = _("Fixed, because it has been public.")
        else:
            self.fields["slug"].help_text = _("The last part of the address. Left blank, it is made of the name.")

    def has_been_public(self) -> bool:
        """Return whether anybody may have cited the address; an entry without drafts is public once it is saved."""
        entry = self.instance
        return bool(entry.pk) and (getattr(entry, "live", True) or bool(entry.first_published_at))

    def clean_slug(self) -> str:
        slug = self.cleaned_data.get("slug")
        if slug:
            return slug
        if self.instance.pk and self.instance.slug:
            return self.instance.slug
        return unique_slug(self.data.get(self.address_of, ""), self.slugs_taken())

    def slugs_taken(self) -> models.QuerySet:
        """Return the rows whose addresses are taken."""
        return self._meta.model._default_manager.exclude(pk=self.instance.pk)
