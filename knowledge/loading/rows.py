"""Writing rows, and remembering each as it was loaded.

A re-load changes a field only where the file says something new and the present value still is the one loaded before:
what anybody changed since stays. An entry with an unpublished draft is left alone until the draft is published or
discarded, one that was deleted stays deleted, and one that stood before its first load is taken as it stands.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Field, ForeignKey, ManyToManyField, Model
from wagtail.fields import StreamField

from knowledge.models import ImportedRecord

from .columns import Column, Row, RowError, format_decimal
from .editors_index import indexing_once
from .references import References, key_of


@dataclass(frozen=True)
class Problem:
    """A row that was not loaded, or a part of it, and why. ``slug`` is empty where the whole file is at fault."""

    file: str
    slug: str
    reason: str


@dataclass
class FileResult:
    """What became of the rows of one file; ``kept`` counts rows in which somebody's own change stayed."""

    file: str
    rows: int = 0
    created: int = 0
    changed: int = 0
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """How rows become rows of ``model``: which field is read by which column.

    ``later`` names the fields that refer to rows of the same file and are set once all rows stand. ``limits`` are
    values that each row has and that tell it from rows of other sheets. ``prefix`` comes before the slug in the memory
    of what was loaded, where one file has several sheets. ``write`` saves an instance, new or changed.
    """

    model: type[Model]
    columns: dict[str, Column]
    write: Callable[[Model, bool], None] = lambda instance, is_new: instance.save()
    later: frozenset[str] = frozenset()
    limits: dict[str, str] = field(default_factory=dict)
    prefix: str = ""
    key: str = "slug"


class RowLoader:
    """Loads the rows of one sheet inside the caller's transaction, each in a savepoint of its own."""

    def __init__(self, sheet: Sheet, result: FileResult, references: References, now: datetime) -> None:
        self.sheet = sheet
        self.result = result
        self.references = references
        self.now = now
        self.content_type = ContentType.objects.get_for_model(sheet.model)
        self.records = {
            record.slug: record
            for record in ImportedRecord.objects.filter(file=result.file, slug__startswith=sheet.prefix)
        }
        standing = sheet.model._default_manager.filter(**sheet.limits)
        self.standing = dict(standing.values_list(sheet.key, "pk"))
        self._touched: set[str] = set()

    def load(self, rows: Iterable[Row], progress: Callable[[int], None]) -> None:
        """Load ``rows``, and bring the editors' indexes up to date with those that were made or changed."""
        with indexing_once(self.sheet.model) as touched:
            self._load_rows(rows, progress)
            touched.update(self.records[slug].object_id for slug in self._touched)

    def _load_rows(self, rows: Iterable[Row], progress: Callable[[int], None]) -> None:
        wanted: dict[str, dict[str, Any]] = {}
        for row in rows:
            self.result.rows += 1
            slug = row.get("slug") if isinstance(row, dict) else None
            with self._reporting(slug):
                slug = self._slug_of(row, wanted)
                values = {name: column(row) for name, column in self.sheet.columns.items()}
                wanted[slug] = values
                self._load(slug, values)
            progress(self.result.rows)
        for slug, values in wanted.items():
            with self._reporting(slug):
                if record := self.records.get(self.sheet.prefix + slug):
                    self._load_again(record, {name: values[name] for name in self.sheet.later})

    def _slug_of(self, row: Row, wanted: dict) -> str:
        if not isinstance(row, dict):
            raise RowError("the row is no object")
        slug = row.get("slug")
        if not isinstance(slug, str) or not slug:
            raise RowError("slug: missing")
        if slug in wanted:
            raise RowError("slug: stands in the file twice")
        return slug

    def _load(self, slug: str, values: dict[str, Any]) -> None:
        record = self.records.get(self.sheet.prefix + slug)
        if record is None:
            self._load_new(slug, values)
        else:
            self._load_again(record, {name: values[name] for name in values if name not in self.sheet.later})

    def _load_new(self, slug: str, values: dict[str, Any]) -> None:
        standing = self.standing.get(values[self.sheet.key])
        with transaction.atomic():
            if standing:
                instance = self.sheet.model._default_manager.get(pk=standing)
            else:
                instance = self.sheet.model(**self.sheet.limits)
                self._write(instance, {name: values[name] for name in values if name not in self.sheet.later}, True)
                values = values | {name: blank(instance, name) for name in self.sheet.later}
            record = ImportedRecord.objects.create(
                file=self.result.file,
                slug=self.sheet.prefix + slug,
                values=values,
                content_type=self.content_type,
                object_id=instance.pk,
                loaded_at=self.now,
            )
        self.result.kept += bool(standing)
        self.result.created += not standing
        self.records[record.slug] = record
        self._touched.add(record.slug)
        self.references.add(instance, key_of(instance))

    def _load_again(self, record: ImportedRecord, values: dict[str, Any]) -> None:
        news = {name: value for name, value in values.items() if record.values.get(name, ...) != value}
        if not news:
            return
        instance = self.sheet.model._default_manager.filter(pk=record.object_id).first()
        if instance is None or getattr(instance, "has_unpublished_changes", False):
            self.result.kept += 1
            return
        untouched = {
            name: value
            for name, value in news.items()
            if present(instance, name) in (record.values.get(name, blank(instance, name)), value)
        }
        changes = {name: value for name, value in untouched.items() if present(instance, name) != value}
        with transaction.atomic():
            if changes:
                self._write(instance, changes, False)
            if untouched:
                record.values = record.values | untouched
                record.loaded_at = self.now
                record.save(update_fields=["values", "loaded_at"])
        self.result.kept += len(untouched) < len(news)
        if changes:
            self.result.changed += record.slug not in self._touched
            self._touched.add(record.slug)
            self.references.add(instance, key_of(instance))

    def _write(self, instance: Model, values: dict[str, Any], is_new: bool) -> None:
        for name, value in values.items():
            if value != [] or not is_new:
                assign(instance, name, value, self.references)
        check(instance, values)
        self.sheet.write(instance, is_new)

    def _reporting(self, slug: Any) -> "_Reporting":
        return _Reporting(self.result, slug if isinstance(slug, str) else "")


class _Reporting:
    """Turns what is wrong with one row into a problem of the file, so that the next row has its turn."""

    def __init__(self, result: FileResult, slug: str) -> None:
        self.result = result
        self.slug = slug

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, traceback) -> bool:
        if isinstance(error, ValidationError):
            reason = "; ".join(_sentences(error))
        elif isinstance(error, RowError | DataError | IntegrityError):
            reason = str(error)
        else:
            return False
        self.result.problems.append(Problem(self.result.file, self.slug, reason))
        return True


def present(instance: Model, name: str) -> Any:
    """Return the value of a field in the form in which values are remembered."""
    model_field = instance._meta.get_field(name)
    if isinstance(model_field, ManyToManyField):
        return sorted(key_of(row) for row in getattr(instance, name).all()) if instance.pk else []
    value = getattr(instance, name)
    if isinstance(model_field, ForeignKey):
        return key_of(value)
    if isinstance(model_field, StreamField):
        return _without_ids(model_field.get_prep_value(value))
    return format_decimal(value) if isinstance(value, Decimal) else value


def blank(instance: Model, name: str) -> Any:
    """Return the value that a field has where nothing was ever loaded into it."""
    return present(type(instance)(), name)


def assign(instance: Model, name: str, value: Any, references: References) -> None:
    """Set a field from the form in which values are remembered. Raises RowError for an unknown reference."""
    model_field = instance._meta.get_field(name)
    if isinstance(model_field, ManyToManyField):
        getattr(instance, name).set([references.get(model_field.related_model, key, name) for key in value])
    elif isinstance(model_field, ForeignKey):
        found = None if value is None else references.get(model_field.related_model, value, name)
        setattr(instance, name, found)
    elif isinstance(model_field, StreamField):
        setattr(instance, name, model_field.to_python(json.dumps(value)))
    else:
        setattr(instance, name, model_field.to_python(value))


def check(instance: Model, values: dict[str, Any]) -> None:
    """Check the given fields of ``instance`` as the admin would. Raises ValidationError."""
    relations = {each.name for each in instance._meta.get_fields() if not _is_plain(each)}
    others = {each.name for each in instance._meta.fields} - set(values)
    instance.clean_fields(exclude=relations | others)
    for name in values:
        model_field = instance._meta.get_field(name)
        if isinstance(model_field, StreamField):
            try:
                model_field.stream_block.clean(getattr(instance, name))
            except ValidationError as error:
                raise RowError(f"{name}: a part of it is empty, too long or of the wrong kind") from error
        elif isinstance(model_field, ForeignKey) and not model_field.null and values[name] is None:
            raise RowError(f"{name}: missing")


def _is_plain(model_field: Any) -> bool:
    return isinstance(model_field, Field) and not model_field.is_relation


def _without_ids(blocks: Any) -> Any:
    """Return stream data without the ids that each saving may give anew."""
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    return [{"type": block["type"], "value": block["value"]} for block in blocks or []]


def _sentences(error: ValidationError) -> Iterable[str]:
    if not hasattr(error, "error_dict"):
        return error.messages
    return [f"{name}: {message}" for name, messages in error.message_dict.items() for message in messages]
