"""What stands before the first row of anybody: the roots that migrations make, which a flushed database gets anew."""

from wagtail.models import Collection

from knowledge.services.groups import ensure_groups
from tests.factories.pages import tree_root


def make_roots() -> None:
    """Make the roots of pages and files where they are missing, and the groups with what they may do."""
    tree_root()
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    ensure_groups()
