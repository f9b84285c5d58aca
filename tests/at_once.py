"""Several people at the same moment, each in a database connection of their own."""

import threading
from collections.abc import Callable

from django.db import connection

#: Seconds that all together may take to begin, and each to end, on a busy machine.
BEGIN_WITHIN, END_WITHIN = 30, 120


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run ``acts`` at the same moment, each in a connection of its own; return what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(BEGIN_WITHIN)
            outcomes[number] = act()
        except Exception as error:  # noqa: BLE001 - the outcome is what is looked at
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(END_WITHIN)
    return outcomes
