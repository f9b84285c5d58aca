"""What somebody typed before the login ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptForm(models.Model):
    """A form that was refused because the login had ended, kept until the same browser is signed in again.

    The browser holds the secret in a cookie; the row holds only its hash, so the table alone opens nothing.
    """

    secret_hash = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=300)
    fields = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")
        indexes = [models.Index(fields=["kept_at"], name="kept_form_by_age")]

    def __str__(self) -> str:
        return self.path
