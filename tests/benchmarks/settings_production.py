"""Production with one address more: the trivial view that the pages are compared with."""

from portal.settings.production import *  # noqa: F403 - production as it is

ROOT_URLCONF = "tests.benchmarks.urls"

# One machine plays everybody.
THROTTLES_ARE_ON = False
