"""What goes on while a backup is taken, and what a restored database says: run in processes of their own."""

import json
import os
import sys
import time
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")

import django


def write(seconds: float) -> dict:
    """Ask, approve and answer without a pause for ``seconds``."""
    from community.models import Community, Member
    from knowledge.models import Theme
    from tests.factories.community import approved, pending_question

    community = Community.objects.get()
    themes = list(Theme.objects.all())
    author = Member.objects.get(user__email="author@role.invalid")
    end, asked = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        title = f"Question {asked} under load"
        approved(pending_question(community=community, author=author, themes=themes, title=title))
        asked += 1
        time.sleep(0.1)  # leaves the worker its share of a small machine
    return {"asked": asked}


def state() -> dict:
    """Return what must be the same in a database and in its restored copy, and what became of the mails."""
    from django.apps import apps

    from community.models import Envelope

    mails = Envelope.objects.filter(kind="as_sent")
    return {
        "rows": {
            model._meta.label: model._default_manager.count()
            for model in apps.get_models()
            if model._meta.label not in {"sessions.Session"}
        },
        "states": Counter(mails.values_list("state", flat=True)),
        "mails": {mail.message_id: mail.state for mail in mails},
        "ambiguous": list(mails.exclude(ambiguous_at=None).values_list("message_id", flat=True)),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(write(float(sys.argv[2])) if sys.argv[1] == "write" else state()))  # noqa: T201 - the tests read it
