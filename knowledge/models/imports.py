"""What was loaded, as it was loaded."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class ImportedRecord(models.Model):
    """A row of a starting-content file with the values it had when it was loaded.

    A later load changes only those fields whose present value still equals the value loaded here, so that
    nothing that anybody changed since is overwritten.
    """

    file = models.CharField(max_length=60)
    slug = models.CharField(max_length=120)
    values = models.JSONField(default=dict)
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True)
    object_id = models.PositiveBigIntegerField(null=True)
    target = GenericForeignKey()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "slug"], name="imported_record_unique")]

    def __str__(self) -> str:
        return f"{self.file}: {self.slug}"
