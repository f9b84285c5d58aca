"""The named points at which a worker is killed: before or after a step of the loop.

A step that is a transaction has committed when its function returns.
"""

import os
import signal
from importlib import import_module

#: name → module, function, whether the process dies before or after it.
POINTS = {
    "while releasing, before the commit": ("community.services.distribution", "record_release", "after"),
    "after the release is committed": ("community.services.moderation.releasing", "release", "after"),
    "before the fan-out": ("community.services.distribution", "fan_out_chunk", "before"),
    "after the fan-out is committed": ("community.services.distribution", "fan_out_chunk", "after"),
    "while building a mail, before the commit": ("community.mail.messages", "as_sent", "after"),
    "between building and handing over": ("community.services.distribution", "build_as_sent", "after"),
    "after claiming, before handing over": ("community.services.handover", "transfer", "before"),
    "between handing over and the commit": ("community.services.handover", "transfer", "after"),
    "after the hand-over is committed": ("community.services.handover", "settle", "after"),
    "after claiming rows of the index": ("search.indexing", "claim", "after"),
    "while indexing, before the engine writes": ("search.indexing", "write", "before"),
    "while indexing, before the rows are settled": ("search.indexing", "settle", "before"),
}


def arm(point: str) -> None:
    """Let this process kill itself with SIGKILL when it first comes to ``point``."""
    module_name, function_name, when = POINTS[point]
    module = import_module(module_name)
    step = getattr(module, function_name)

    def deadly_step(*args, **kwargs):
        if step.__name__ == "transfer" and args[0].address.endswith(".invalid"):
            return step(*args, **kwargs)  # reaches no server, so dying there would prove nothing
        result = step(*args, **kwargs) if when == "after" else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(module, function_name, deadly_step)
