"""Several programs that live and die together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

#: What asks the group to stop: Ctrl-C, a polite kill, a closed terminal.
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1


class ProcessGroup:
    """Starts programs and ends every one of them, with their own children, however the block is left.

    Each program leads a process group of its own, so that Ctrl-C reaches only the one who started them, and
    what a program starts ends with it. ``grace`` is the number of seconds between asking and killing.
    """

    def __init__(self, grace: float = 8) -> None:
        self.grace = grace
        self._programs: dict[str, subprocess.Popen] = {}
        self._stop_asked = False
        self._handlers: dict[int, object] = {}

    def __enter__(self) -> "ProcessGroup":
        for number in STOP_SIGNALS:
            self._handlers[number] = signal.signal(number, self._ask_to_stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A second Ctrl-C changes nothing: the programs are already told.
        self.stop()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None, **options) -> int:
        """Start ``command`` under ``name`` and return its process id."""
        program = subprocess.Popen(  # noqa: S603 - the commands are written in this project
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent(),
            **options,
        )
        self._programs[name] = program
        return program.pid

    def ended(self) -> tuple[str, int] | None:
        """Return the name and exit code of a program that has ended, or None while all run."""
        for name, program in self._programs.items():
            if (code := _exit_code(program.pid)) is not None:
                return name, code
        return None

    def wait(
        self, until: Callable[[], bool] = lambda: False, seconds: float = float("inf"), pause: float = 0.2
    ) -> bool:
        """Wait while all programs run and nobody asks to stop; return whether ``until`` came true in ``seconds``."""
        deadline = time.monotonic() + seconds
        while not self._stop_asked and self.ended() is None and time.monotonic() < deadline:
            if until():
                return True
            time.sleep(pause)
        return False

    @property
    def stop_asked(self) -> bool:
        """Return whether a signal asked to stop, rather than a program having ended."""
        return self._stop_asked

    def stop(self) -> None:
        """Ask every program to end, wait, kill what is left, and leave no zombie."""
        for program in self._programs.values():
            _signal_group(program.pid, signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        while time.monotonic() < deadline and any(_exit_code(each.pid) is None for each in self._programs.values()):
            time.sleep(0.05)
        for program in self._programs.values():
            # Also where the program itself has ended: it may have left children behind in its group.
            _signal_group(program.pid, signal.SIGKILL)
            program.wait()
        self._programs.clear()

    def _ask_to_stop(self, number: int, frame: object) -> None:
        self._stop_asked = True


def _exit_code(pid: int) -> int | None:
    """Return how our child ``pid`` ended (minus the signal's number if one killed it), or None while it runs.

    The child is not reaped: as long as it is not, nobody else can be given its number, and signals sent to its
    group reach nobody else.
    """
    end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
    if end is None:
        return None
    return end.si_status if end.si_code == os.CLD_EXITED else -end.si_status


def _signal_group(pid: int, number: int) -> None:
    """Send a signal to the group that ``pid`` leads, if anything of it is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _end_with_parent() -> Callable[[], None] | None:
    """Return what makes a child end when this process is killed outright, where the system can (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl  # loaded before the fork: the child only calls it

    def set_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return set_signal
