"""What stands beside the ratios: the machine, the versions, the memory of processes."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("Django", "wagtail", "elasticsearch", "psycopg", "celery", "gunicorn")


def figures() -> list[str]:
    """Return lines on this machine and on what runs here."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return [
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, load {load:.1f} when it ended",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        packages,
    ]


def resident(pid: int) -> list[float]:
    """Return the resident memory in MB of the process ``pid`` and of every one below it, itself first."""
    children: dict[int, list[int]] = {}
    memory: dict[int, float] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue  # ended meanwhile
        number = int(fields["Pid"])
        children.setdefault(int(fields["PPid"]), []).append(number)
        memory[number] = int(fields.get("VmRSS", "0 kB").split()[0]) / 1024
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(memory.get(current, 0.0))
        waiting += children.get(current, [])
    return found


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
