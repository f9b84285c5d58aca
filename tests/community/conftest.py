"""What the tests of the desk and of the admin's lists share."""

import pytest

from knowledge.services.groups import ensure_groups
from tests.factories.pages import SolutionIndexPageFactory


@pytest.fixture
def groups(db) -> None:
    """Make the groups with what each may do, the section of solutions being there."""
    SolutionIndexPageFactory()
    ensure_groups()
