"""What the flows share: one walk through every address, made when the first test asks for it."""

import pytest

from .visibility.walk import Walk, a_world, walk_through


@pytest.fixture(scope="session")
def walk(django_db_setup, django_db_blocker, mail_goes_through_envelopes) -> Walk:
    """Return what everybody got everywhere; the world it was made in is gone, only what was noted is left."""
    with django_db_blocker.unblock(), a_world() as world:
        return walk_through(world)
