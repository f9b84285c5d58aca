"""``make bench``: what the portal costs beside what it stands on, as ratios within one run.

On the production stack where its servers are there, else on the embedded one. ``--small`` is quick and ends with 1
where even the loose bounds are passed.
"""

import argparse
import sys
from datetime import UTC, datetime

from . import bench_pages, machine, stacks
from .stacks import Production, Stack
from .timing import Line, median, p95, ratio, table

DOCUMENTS, SMALL_DOCUMENTS = 100_000, 1_000
ROUNDS, SMALL_ROUNDS = 30, 4
PUBLISHED, SMALL_PUBLISHED = 40, 5
TENTH = 10
#: What waits for a moderator, and what the log holds by then.
WAITING, SMALL_WAITING = 2_000, 100
LOG, SMALL_LOG = 50_000, 1_000


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    arguments.add_argument("--small", action="store_true", help="about 1,000 documents, loose bounds, under a minute")
    arguments.add_argument("--documents", type=int, help=f"synthetic documents (default {DOCUMENTS})")
    arguments.add_argument("--rounds", type=int, help=f"times that everything is asked (default {ROUNDS})")
    arguments.add_argument("--embedded", action="store_true", help="the embedded stack, whatever servers are there")
    options = arguments.parse_args()
    documents = max(100, options.documents or (SMALL_DOCUMENTS if options.small else DOCUMENTS))
    rounds = max(1, options.rounds or (SMALL_ROUNDS if options.small else ROUNDS))
    why_not = "--embedded was asked for" if options.embedded else stacks.why_not_production()
    if why_not:
        print(f"On the embedded stack, for {why_not}.")
        with stacks.embedded() as stack:
            prepare(stack, documents, small=options.small)
            lines = [*asked(stack, rounds, None), *moderated(stack, rounds, small=options.small)]
    else:
        print("On the production stack: PostgreSQL, Redis, Elasticsearch, gunicorn, Celery.")
        with stacks.production() as stores:
            lines = on_production(stores, documents, rounds, small=options.small)
    where = "embedded" if why_not else "production"
    title = f"{documents} synthetic documents, {rounds} rounds, {datetime.now(UTC):%Y-%m-%d}, {where} stack"
    print(table(title, lines))
    print("", *machine.figures(), sep="\n")
    if options.small and (passed := [line.what for line in lines if not line.reaches_loose]):
        sys.exit(f"Beyond the loose bounds: {', '.join(passed)}.")


def on_production(stores: Production, documents: int, rounds: int, *, small: bool) -> list[Line]:
    """Return every line that the production stack gives."""
    tenth = stores.stack("tenth")
    prepare(tenth, documents // TENTH, small=small)
    whole = stores.stack("whole", like=tenth)
    whole.collect_static()
    whole.fill(documents)
    tenth.manage("search_rebuild")
    built = rebuilt(whole)
    lines = [*bench_pages.measure(whole.port, rounds * 3), *asked(whole, rounds, tenth)]
    lines += moderated(whole, rounds, small=small)
    whole.start_worker()
    lines += [*built, *published(whole, SMALL_PUBLISHED if small else PUBLISHED), *memory(whole)]
    return lines


def prepare(stack: Stack, documents: int, *, small: bool) -> None:
    """Make the database with its starting content and fill it; the small one has the lists of terms alone."""
    stack.manage("migrate", "--no-input", "--verbosity=0")
    stack.manage("bootstrap_site")
    stack.manage("load_content", *(["--only", "taxonomy"] if small else []))
    stack.collect_static()
    stack.fill(documents)
    if not stack.is_production:
        stack.manage("search_rebuild")


def asked(stack: Stack, rounds: int, smaller: Stack | None) -> list[Line]:
    """Return the lines on pages of results and suggestions."""
    lines = [] if stack.is_production else bench_pages.measure(stack.port, rounds * 3)
    times = stack.inside("ask", port=stack.port, rounds=rounds, smaller_port=smaller and smaller.port)
    page, bare = times["page"], times["bare"]
    lines += [
        ratio("search page / bare query, median", page, bare, aim=2, loose=20),
        ratio("search page / bare query, p95", page, bare, of=p95, aim=2.5, loose=30),
        ratio("suggestions / bare query, median", times["suggest"], times["bare suggest"], aim=2.5, loose=20),
    ]
    if times["refused"]:
        lines.append(Line("pages refused (503), the machine was too busy", len(times["refused"]), "", aim=0))
    if times["smaller"]:
        lines += [
            ratio("search page at 10 × the documents, p95", page, times["smaller"], of=p95, aim=1.3, loose=5),
            ratio("search page at 10 × the documents, median", page, times["smaller"], loose=5),
        ]
    return lines


def rebuilt(stack: Stack) -> list[Line]:
    """Rebuild the index and return the lines on it."""
    found = stack.inside("rebuild")
    documents = found["documents"]
    bare = median([found["bare_before"], found["bare_after"]])
    note = f"{documents / found['rebuild']:.0f} against {documents / bare:.0f} documents a second"
    queries = found["queries"] / documents * 1000
    return [
        Line("rate of a rebuild / bare helpers.bulk", bare / found["rebuild"], "×", 0.6, 0.05, True, note),
        Line("SQL queries of a rebuild per 1,000 documents", queries, "", 10, 200, note=f"{found['queries']} in all"),
        Line("peak memory of a rebuild", found["peak_mb"], "MB", note=f"documents of {found['bytes'] / 1024:.1f} KB"),
    ]


def moderated(stack: Stack, rounds: int, *, small: bool) -> list[Line]:
    """Return the lines on a moderator's desk with much waiting beside one with little."""
    many, log = (SMALL_WAITING, SMALL_LOG) if small else (WAITING, LOG)
    found = stack.inside("moderate", times=rounds, many=many, log=log)
    decision, queue, queries = found["decision"], found["queue"], found["queries"]
    what = f"with {many} waiting / with 20, median"
    return [
        ratio(f"a decision {what}", decision["many"], decision["few"], aim=1.2, loose=3),
        ratio(f"the queue page {what}", queue["many"], queue["few"], loose=5),
        Line("queries of the queue page", queries["many"], "", note=f"{queries['few']} with 20, log of {found['log']}"),
    ]


def published(stack: Stack, times: int) -> list[Line]:
    """Publish and look for what was published; return the line on it."""
    found = stack.inside("publish", port=stack.port, times=times)["findable"]
    note = f"median {median(found):.2f} s of {len(found)}"
    return [Line("published until found, p95", p95(found), "s", aim=3, loose=20, note=note)]


def memory(stack: Stack) -> list[Line]:
    """Return the lines on the memory of what serves."""
    lines = []
    for name, server in stack.servers.items():
        found = machine.resident(server.process.pid)
        note = f"resident, {len(found)} processes: {', '.join(f'{each:.0f}' for each in found)}"
        lines.append(Line(f"memory of {name}", max(found), "MB", loose=1000, note=note))
    return lines


if __name__ == "__main__":
    main()
