"""The terms that rows are filed under, for many rows at a time.

A rebuild of the index reads a hundred thousand rows that share some hundred terms: each term is read once for a batch,
where a prefetch would make an object of it for every row.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Model

#: The terms of each row of a batch, by the row's number.
TermsOf = dict[int, list[Model]]


def terms_of(relation: str, rows: list[Model]) -> TermsOf:
    """Return the terms that ``rows`` of one model have at ``relation``, one or many, with their broader terms.

    They come in the vocabulary's own order. Takes one query where a row has one term, two where it has many.
    """
    if not rows:
        return {}
    field = rows[0]._meta.get_field(relation)
    if field.many_to_many:
        row_id, term_id = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        links = field.remote_field.through._default_manager.filter(**{f"{row_id}__in": [row.pk for row in rows]})
        pairs = list(links.order_by().values_list(row_id, term_id))
    else:
        pairs = [(row.pk, pk) for row in rows if (pk := getattr(row, field.attname)) is not None]
    found: TermsOf = {row.pk: [] for row in rows}
    wanted: dict[int, list[int]] = {}
    for row, term in pairs:
        wanted.setdefault(term, []).append(row)
    for term in _terms(field.related_model, wanted):
        for row in wanted[term.pk]:
            found[row].append(term)
    return found


def slugs_of(terms: Iterable[Model]) -> tuple[str, ...]:
    """Return the slugs of ``terms``, each after that of its broader term, and each once."""
    return tuple(dict.fromkeys(_slugs(terms)))


def _terms(model: type[Model], pks: Iterable[int]) -> Iterable[Model]:
    if not pks:
        return ()
    broader = [field.name for field in model._meta.fields if field.name == "parent"]
    terms = model._default_manager.filter(pk__in=list(pks))
    return terms.select_related(*broader) if broader else terms


def _slugs(terms: Iterable[Model]) -> Iterator[str]:
    for term in terms:
        if getattr(term, "parent_id", None):
            yield term.parent.slug
        yield term.slug
