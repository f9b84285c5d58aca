"""Times become figures, figures become the lines of one table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


def median(times: Sequence[float]) -> float:
    """Return the middle of ``times``."""
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    """Return what 95 of 100 of ``times`` do not pass."""
    return sorted(times)[min(int(len(times) * 0.95), len(times) - 1)]


@dataclass(frozen=True)
class Line:
    """One figure beside its aim.

    ``loose`` is what even a small run on a busy machine keeps; ``at_least`` says that more is better.
    """

    what: str
    value: float
    unit: str = "×"
    aim: float | None = None
    loose: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def reaches_aim(self) -> bool:
        return self._keeps(self.aim)

    @property
    def reaches_loose(self) -> bool:
        return self._keeps(self.loose)

    def _keeps(self, bound: float | None) -> bool:
        if bound is None:
            return True
        return self.value >= bound if self.at_least else self.value <= bound

    def __str__(self) -> str:
        aim = "" if self.aim is None else f"{'≥' if self.at_least else '≤'} {self.aim:g} {self.unit}"
        verdict = "" if self.aim is None else ("reached" if self.reaches_aim else "MISSED")
        return f"{self.what:<50}{self.value:>10.2f} {self.unit:<4}{aim:>11}  {verdict:<8} {self.note}".rstrip()


def ratio(what: str, times: Sequence[float], bare: Sequence[float], *, of=median, **bounds) -> Line:
    """Return how many times longer ``times`` are than ``bare``, both in milliseconds beside it."""
    note = f"{of(times) * 1000:.1f} ms against {of(bare) * 1000:.1f} ms"
    return Line(what, of(times) / of(bare), note=note, **bounds)


def table(title: str, lines: Sequence[Line]) -> str:
    """Return the table to print."""
    return "\n".join([f"\n{title}", "-" * len(title), *map(str, lines)])
