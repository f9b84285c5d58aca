"""The demonstration with one address more: the trivial view that the others are compared with."""

from portal.settings.demo import *  # noqa: F403 - the demonstration as it is

ROOT_URLCONF = "tests.benchmarks.urls"

# One machine plays everybody.
THROTTLES_ARE_ON = False
