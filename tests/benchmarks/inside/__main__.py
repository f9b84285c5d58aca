"""One job: ``python -m tests.benchmarks.inside ask``, its questions as JSON on standard input."""

import json
import sys
from pathlib import Path

import django


def main() -> None:
    asked = json.load(sys.stdin)
    answer = Path(asked.pop("answer"))
    django.setup()
    # They read models, which stand from here on.
    from tests.benchmarks.inside import asking, moderating, publishing, rebuilding

    jobs = {
        "ask": asking.ask,
        "moderate": moderating.moderate,
        "publish": publishing.publish,
        "rebuild": rebuilding.compare,
    }
    answer.write_text(json.dumps(jobs[sys.argv[1]](**asked)))


if __name__ == "__main__":
    main()
