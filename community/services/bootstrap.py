"""What every exchange has on its first day: communities, reasons, and a second person for what is compiled."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import Workflow, WorkflowPage, WorkflowTask

import knowledge
from community.models import Community, HoldingRule, Holiday, ModerationReason, SolutionApprovalTask
from community.models.moderation.holding import HoldingMode
from knowledge.models import SolutionIndexPage, Theme
from knowledge.permissions import EDITORS, MODERATORS

from .communities import refresh_moderators_group
from .holding.first_rules import FIRST_RULES
from .moderation import keep_words
from .moderation.first_reasons import FIRST_REASONS

STARTING_CONTENT = Path(knowledge.__file__).parent / "starting_content"
#: The three national holidays, which recur; every other one differs by year or state and is typed in by people.
NATIONAL_HOLIDAYS = (
    (date(2026, 1, 26), "Republic Day", "गणतंत्र दिवस"),
    (date(2026, 8, 15), "Independence Day", "स्वतंत्रता दिवस"),
    (date(2026, 10, 2), "Gandhi Jayanti", "गांधी जयंती"),
)
WORKFLOW_NAME = "Solution approval"
TASK_NAME = "A second person approves"


@dataclass
class Outcome:
    """What a loading did: how many rows it made, and the rows that it could not use, with the reason."""

    made: int = 0
    broken: list[str] = field(default_factory=list)


def bootstrap(rows: list[dict]) -> Outcome:
    """Make what is missing of communities, reasons, holidays and the approval of solutions; change nothing made.

    ``rows`` are those of ``communities.json``.
    """
    outcome = ensure_communities(rows)
    outcome.made += ensure_reasons() + ensure_holidays() + ensure_rules()
    ensure_approval()
    refresh_moderators_group()
    return outcome


def read_communities() -> list[dict]:
    """Return the communities of the starting content."""
    return json.loads((STARTING_CONTENT / "communities.json").read_text(encoding="utf-8"))


def ensure_communities(rows: list[dict]) -> Outcome:
    """Make the communities that are missing; those that stand keep what anybody changed."""
    outcome = Outcome()
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    for row in rows:
        slug = row.get("slug", "?")
        try:
            unknown = [name for name in row["themes"] if name not in themes]
            if unknown:
                raise ValueError(f"unknown themes: {', '.join(unknown)}")
            outcome.made += _ensure_community(row, [themes[name] for name in row["themes"]])
        except (KeyError, TypeError, ValueError) as error:
            reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else error
            outcome.broken.append(f"communities.json: {slug}: {reason}")
    return outcome


@transaction.atomic
def _ensure_community(row: dict, themes: list[Theme]) -> bool:
    community, made = Community.objects.get_or_create(
        slug=row["slug"],
        defaults={"name": row["name"], "about": row["about"], "threads_public": bool(row.get("threads_public"))},
    )
    if made:
        community.themes.set(themes)
    return made


@transaction.atomic
def ensure_reasons() -> int:
    """Make the first reasons where their code is free; return how many were made."""
    made = 0
    for order, reason in enumerate(FIRST_REASONS):
        row, is_new = ModerationReason.objects.get_or_create(
            code=reason.code,
            defaults={
                "action": reason.action,
                "name": reason.name,
                "name_hi": reason.name_hi,
                "text": reason.text,
                "text_hi": reason.text_hi,
                "is_conduct": reason.is_conduct,
                "kind": reason.kind,
                "order": order,
            },
        )
        if is_new:
            keep_words(reason=row, by=None, now=timezone.now())
            made += 1
    return made


@transaction.atomic
def ensure_rules() -> int:
    """Make the rules that hold which are missing; return how many. One that was changed or ended stays so."""
    made = 0
    for rule in FIRST_RULES:
        values = {"number": rule.number, "hours": rule.hours, "lines": rule.lines, "mode": HoldingMode.HOLDS}
        made += HoldingRule.objects.get_or_create(code=rule.code, defaults={"looks_for": rule.looks_for, **values})[1]
    return made


@transaction.atomic
def ensure_holidays() -> int:
    """Make the national holidays that are missing; return how many. One whose tick was taken away stays so."""
    made = 0
    for day, name, name_hi in NATIONAL_HOLIDAYS:
        made += Holiday.objects.get_or_create(
            falls_on=day, community=None, defaults={"name": name, "name_hi": name_hi, "every_year": True}
        )[1]
    return made


@transaction.atomic
def ensure_approval() -> Workflow:
    """Let a second person approve every page below the section of solutions; return the workflow.

    Raises LookupError where the section is missing.
    """
    task, _made = SolutionApprovalTask.objects.get_or_create(name=TASK_NAME)
    task.groups.set([Group.objects.get_or_create(name=name)[0] for name in (MODERATORS, EDITORS)])
    workflow, _made = Workflow.objects.get_or_create(name=WORKFLOW_NAME)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0})
    sections = SolutionIndexPage.objects.all()
    if not sections:
        raise LookupError("There is no section of solutions yet: run bootstrap_site first.")
    for section in sections:
        WorkflowPage.objects.get_or_create(page=section.page_ptr, defaults={"workflow": workflow})
    return workflow
