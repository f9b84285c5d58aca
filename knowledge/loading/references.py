"""Finding what a row refers to."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from knowledge.models import ImportedRecord, ReferenceTerm, SourceDocument

from .columns import RowError

#: Column that other rows name a row by, where it is not the slug.
_KEYS: dict[type[Model], str] = {SourceDocument: "title"}
#: Where the slug alone does not say which row.
_LIMITS: dict[type[Model], dict[str, str]] = {ReferenceTerm: {"vocabulary": "institution_types"}}


def key_of(instance: Model | None) -> str | None:
    """Return what other rows name ``instance`` by."""
    return None if instance is None else getattr(instance, _KEYS.get(type(instance), "slug"))


class References:
    """The rows of each model by the slug that files name them by, read once for each model.

    A row that was renamed since it was loaded is found under both names.
    """

    def __init__(self) -> None:
        self._rows: dict[type[Model], dict[str, Model]] = {}

    def get(self, model: type[Model], key: str, column: str) -> Model:
        """Return the row of ``model`` named ``key``. Raises RowError, which names ``column``."""
        try:
            return self._of(model)[key]
        except KeyError:
            raise RowError(f"{column}: there is no {model._meta.verbose_name} “{key}”") from None

    def find(self, model: type[Model], key: str) -> Model | None:
        """Return the row of ``model`` named ``key``, or None."""
        return self._of(model).get(key)

    def add(self, instance: Model, key: str) -> None:
        """Take in a row that was just made."""
        rows = self._rows.get(type(instance))
        if rows is not None and all(getattr(instance, name) == value for name, value in _limits(type(instance))):
            rows[key] = instance

    def _of(self, model: type[Model]) -> dict[str, Model]:
        if model not in self._rows:
            rows = {key_of(row): row for row in model._default_manager.filter(**dict(_limits(model)))}
            by_pk = {row.pk: row for row in rows.values()}
            content_type = ContentType.objects.get_for_model(model)
            for record in ImportedRecord.objects.filter(content_type=content_type, object_id__in=by_pk):
                rows.setdefault(_name_in_file(record), by_pk[record.object_id])
            self._rows[model] = rows
        return self._rows[model]


def _limits(model: type[Model]) -> Any:
    return _LIMITS.get(model, {}).items()


def _name_in_file(record: ImportedRecord) -> str:
    return record.values.get("title", "") if record.file == "sources" else record.slug.rpartition("/")[2]
