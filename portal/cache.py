"""Redis as the cache, without which the portal goes on."""

import logging
import pickle
import time
from collections.abc import Callable
from typing import TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: Seconds for which nobody asks a Redis that has just failed, so that its silence costs one wait and not one a page.
SILENCE = 5

#: What reading a value raises that another release, or nobody we know, has written.
ILLEGIBLE = (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, KeyError)

Value = TypeVar("Value")


class PatientRedisCache(RedisCache):
    """A cache that never spoils a page: without Redis nothing is found and nothing is kept.

    ``add`` then says that the key was not added. Whoever takes a lock or begins a count by it stays outside: allauth's
    limits refuse sign-in, sign-up and password reset while nobody can count them, and reading goes on.
    """

    def __init__(self, server: str, params: dict) -> None:
        super().__init__(server, params)
        self._silent_until = 0.0

    def _ask(self, ask: Callable[[], Value], otherwise: Value) -> Value:
        if time.monotonic() < self._silent_until:
            return otherwise
        try:
            return ask()
        except (RedisError, OSError) as error:
            self._silent_until = time.monotonic() + SILENCE
            logger.warning("The cache does not answer (%s); asked again in %d s.", type(error).__name__, SILENCE)
            return otherwise
        except ILLEGIBLE:
            return otherwise

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).add(key, value, timeout, version), False)

    def get(self, key, default=None, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).get(key, default, version), default)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).set(key, value, timeout, version), None)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).touch(key, timeout, version), False)

    def delete(self, key, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).delete(key, version), False)

    def get_many(self, keys, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).get_many(keys, version), {})

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).set_many(data, timeout, version), list(data))

    def delete_many(self, keys, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).delete_many(keys, version), None)

    def has_key(self, key, version=None):
        return self._ask(lambda: super(PatientRedisCache, self).has_key(key, version), False)

    def incr(self, key, delta=1, version=None):
        """Raise ValueError without Redis, as for a key that is not there."""
        if (count := self._ask(lambda: super(PatientRedisCache, self).incr(key, delta, version), None)) is None:
            raise ValueError(f"There is no count of {key!r}.")
        return count

    def clear(self):
        return self._ask(super().clear, False)
