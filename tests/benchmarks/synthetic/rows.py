"""Many rows at once: each model by itself, its number chosen beforehand, so that rows can name each other."""

from collections import defaultdict
from itertools import islice

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import AutoField, Max, Model

#: Rows of one statement where the database takes as many.
MOST = 2000


class Rows:
    """Rows that are to be written together; a model's rows keep their order, and models the order of their first row.

    Nothing is told to anybody: no signal, no task, no entry of the outbox. Whoever writes so rebuilds the index.
    """

    def __init__(self) -> None:
        self._numbers: dict[type[Model], int] = {}
        self._rows: dict[type[Model], list[Model]] = defaultdict(list)

    def number(self, model: type[Model]) -> int:
        """Return the next free number of ``model``."""
        if model not in self._numbers:
            self._numbers[model] = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        self._numbers[model] += 1
        return self._numbers[model]

    def add(self, row: Model) -> None:
        """Keep ``row`` for the next ``write``; of a model below another one, only its own columns are written."""
        self._rows[type(row)].append(row)

    def link(self, field, owner: int, others: list[int]) -> None:
        """Link the row ``owner`` with ``others`` by the many-to-many ``field`` (``Model.themes.field``)."""
        through = field.remote_field.through
        for other in dict.fromkeys(others):
            names = {f"{field.m2m_field_name()}_id": owner, f"{field.m2m_reverse_field_name()}_id": other}
            self._rows[through].append(through(**names))

    def write(self) -> int:
        """Write what was added, all or nothing, and return how many rows that were."""
        written = 0
        with transaction.atomic():
            for model, rows in self._rows.items():
                _insert(model, rows)
                written += len(rows)
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), list(self._rows)):
                    cursor.execute(statement)
        self._rows.clear()
        return written


def _insert(model: type[Model], rows: list[Model]) -> None:
    fields = model._meta.local_concrete_fields
    if rows[0].pk is None:
        fields = [field for field in fields if not isinstance(field, AutoField)]
    size = min(connection.ops.bulk_batch_size(fields, rows), MOST)
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        model._base_manager._insert(batch, fields=fields, using=connection.alias)
