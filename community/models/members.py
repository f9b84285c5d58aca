"""A member's public profile."""

import secrets

from anyascii import anyascii
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from community.enums import Occupation

#: Two people of one name may come at the same moment; more often than this it is something else.
_ATTEMPTS = 5


def _free_slug(name: str) -> str:
    """Return an address of ``name`` in ASCII; where somebody has it, with six signs behind it."""
    slug = slugify(anyascii(name))[:70].strip("-") or "member"
    return f"{slug}-{secrets.token_hex(3)}" if Member.objects.filter(slug=slug).exists() else slug


class MemberQuerySet(models.QuerySet):
    def present(self) -> "MemberQuerySet":
        """Return the members who have not left."""
        return self.filter(left_at=None)


class Member(models.Model):
    """The public profile of an account. Never deleted: leaving anonymises it, contributions keep their place."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="member")
    slug = models.SlugField(_("address"), max_length=80, unique=True, null=True, editable=False)
    name = models.CharField(_("name as shown"), max_length=120)
    occupation = models.CharField(_("what I do"), max_length=30, choices=Occupation, default=Occupation.CDA)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    state = models.ForeignKey(
        "knowledge.State", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("state")
    )
    district = models.CharField(_("district"), max_length=60, blank=True)
    themes = models.ManyToManyField(
        "knowledge.Theme", blank=True, related_name="members", verbose_name=_("themes I know")
    )
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    mail_language = models.CharField(
        _("language of mails"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    licence_accepted_at = models.DateTimeField(_("licence accepted at"))
    is_sample = models.BooleanField(_("sample: a role, not a person"), default=False)
    joined_at = models.DateTimeField(_("joined at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def save(self, *args, **kwargs) -> None:
        """Give a new member an address of their own, which stays whatever the name becomes."""
        if self.slug or not self._state.adding:
            return super().save(*args, **kwargs)
        for _attempt in range(_ATTEMPTS):
            self.slug = _free_slug(self.name)
            try:
                with transaction.atomic():
                    return super().save(*args, **kwargs)
            except IntegrityError:
                if not Member.objects.filter(slug=self.slug).exists():
                    raise  # it was another rule that this member breaks
        raise IntegrityError("No free address for a member was found.")

    def __str__(self) -> str:
        return str(_("Former member")) if self.left_at else self.name

    def get_absolute_url(self) -> str:
        """Return the address of the member's page; an empty text for who has left."""
        return reverse("member_detail", args=[self.slug]) if self.slug and not self.left_at else ""

    @property
    def role_line(self) -> str:
        """Return what the member does and where: the line under the name. A sample's name says it all."""
        if self.is_sample or self.left_at:
            return ""
        parts = [self.get_occupation_display(), self.organisation, self.state.localized_name if self.state_id else ""]
        return ", ".join(str(part) for part in parts if part)

    @property
    def initials(self) -> str:
        """Return up to two letters for the square beside the name."""
        words = str(self).replace(",", " ").split()
        return "".join(word[0] for word in words[:2]).upper()
