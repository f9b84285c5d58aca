"""The editors' own search and Wagtail's index of references, brought up to date once for many rows.

Wagtail does it at each saving, which costs more than the saving. The visitors' search is not touched: it hears of each
row by the signals that everything else uses.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Model
from django.db.models.signals import post_save
from modelsearch.backends import get_search_backends
from modelsearch.index import class_is_indexed
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update


@contextmanager
def indexing_once(model: type[Model]) -> Iterator[set[int]]:
    """Hold both indexes back while rows of ``model`` are saved; then take in those whose keys were put into the set."""
    touched: set[int] = set()
    was_connected = post_save.disconnect(post_save_signal_handler, sender=model)
    try:
        with disable_reference_index_auto_update():
            yield touched
    finally:
        if was_connected:
            post_save.connect(post_save_signal_handler, sender=model)
    if touched:
        _take_in(model, touched)


def _take_in(model: type[Model], keys: set[int]) -> None:
    rows = list(model._default_manager.filter(pk__in=keys))
    if class_is_indexed(model):
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(model, rows)
    if ReferenceIndex.model_is_indexable(model):
        for row in rows:
            ReferenceIndex.create_or_update_for_object(row)
