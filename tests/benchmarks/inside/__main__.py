"""One job: ``python -m tests.benchmarks.inside ask``, its questions as JSON on standard input."""

import json
import sys
from pathlib import Path

import django


def main() -> None:
    asked = json.load(sys.stdin)
    answer = Path(asked.pop("answer"))
    django.setup()
    from tests.benchmarks.inside import asking, publishing, rebuilding  # they read models, which stand from here on

    jobs = {"ask": asking.ask, "rebuild": rebuilding.compare, "publish": publishing.publish}
    answer.write_text(json.dumps(jobs[sys.argv[1]](**asked)))


if __name__ == "__main__":
    main()
