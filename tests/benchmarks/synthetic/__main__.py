"""Fill the configured database: ``python -m tests.benchmarks.synthetic --documents 100000``."""

import argparse
import sys
import time

import django
from django.utils import timezone


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.benchmarks.synthetic", description=__doc__)
    arguments.add_argument("--documents", type=int, required=True, help="synthetic documents to stand there afterwards")
    arguments.add_argument("--seed", type=int, default=1, help="another seed makes other texts (default 1)")
    arguments.add_argument(
        "--beside-real-content", action="store_true", help="also where somebody's own content or accounts stand"
    )
    options = arguments.parse_args()
    django.setup()
    from search.management.progress import progress  # models can be read only from here on
    from tests.benchmarks.synthetic import filling, world

    started = time.monotonic()
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if not options.beside_real_content:
            filling.refuse_real_content()
        rows = filling.fill(options.documents, today=today, seed=options.seed, progress=progress(sys.stdout, "Writing"))
    except filling.RealContent as error:
        sys.exit(f"{error} Nothing was written; --beside-real-content writes all the same.")
    except world.NothingToReferTo as error:
        sys.exit(str(error))
    seconds = time.monotonic() - started
    print(f"{rows} rows written in {seconds:.0f} s. Now run: manage.py search_rebuild")


if __name__ == "__main__":
    main()
