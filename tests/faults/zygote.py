"""A process in which Django stands already; the workers and steps of one stack are forked from it.

Each is a process of its own that can be killed like any other, but starts in a tenth of a second instead of five.
Orders and answers are lines of JSON: ``{"do": "step", "name": …}`` is answered with what the step returns,
``{"do": "start", "kill_at": …, "log": …, "beat": …}`` with the pid of a worker that leads a session of its own,
``{"do": "poll", "pid": …}`` with its exit code, negative for a signal, or null while it runs.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable

import django


def main() -> None:
    """Take orders until the input ends."""
    # What is printed by whatever runs here must not get among the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    django.setup()
    from tests.faults import scenario, worker

    steps: dict[str, Callable[[], dict]] = {"prepare": scenario.prepare, "report": scenario.report}

    def run_step(name: str) -> object:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _end_after(lambda: os.write(writing, json.dumps(steps[name]()).encode()))
        os.close(writing)
        with os.fdopen(reading) as told:
            text = told.read()
        os.waitpid(pid, 0)
        return json.loads(text) if text else {"failed": name}

    def start_worker(order: dict) -> int:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.environ["KILL_AT"] = order["kill_at"]
            _end_after(lambda: worker.run(beat_file=order["beat"]))
        return pid

    def poll(pid: int) -> int | None:
        found, status = os.waitpid(pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if found else None

    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "step":
            answer = run_step(order["name"])
        else:
            answer = start_worker(order) if order["do"] == "start" else poll(order["pid"])
        print(json.dumps(answer), file=answers, flush=True)


def _end_after(act: Callable[[], object]) -> None:
    """End this forked process with ``act``, and never return into the loop of its parent."""
    code = 1
    try:
        act()
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it was, it goes to the log and ends here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
