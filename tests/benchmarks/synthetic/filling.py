"""From a number of documents to rows, batch by batch; begun again, it goes on where it ended."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Model

from community.models import Submission
from knowledge import models
from portal.models import User

from . import DOMAIN, PREFIX, articles, registries, threads
from .entries import Entry, is_public
from .rows import Rows
from .world import World

#: Of a hundred documents so many are of each kind. The registries come first, as the others refer to them.
SHARES = {
    "institution": 5.0,
    "cluster": 7.0,
    "scheme": 4.0,
    "initiative": 3.0,
    "resource_centre": 1.0,
    "glossary": 0.5,
    "faq": 0.5,
    "definition": 0.2,
    "publication": 0.4,
    "statistic": 0.4,
    "case_study": 9.0,
    "best_practice": 5.0,
    "solution": 18.0,
    "question": 46.0,
}
MODELS: dict[str, type[Model]] = {
    "institution": models.Institution,
    "cluster": models.Cluster,
    "scheme": models.Scheme,
    "initiative": models.Initiative,
    "resource_centre": models.ResourceCentre,
    "glossary": models.GlossaryTerm,
    "faq": models.FrequentQuestion,
    "definition": models.Definition,
    "publication": models.Publication,
    "statistic": models.Statistic,
    "case_study": models.CaseStudyPage,
    "best_practice": models.BestPracticePage,
    "solution": models.SolutionPage,
}
BATCH = 500


class RealContent(Exception):
    """The database holds what neither the starting content nor this generator made."""


def share_out(documents: int) -> dict[str, int]:
    """Return how many documents of each kind make ``documents`` together; questions take what rounding leaves."""
    counts = {kind: round(documents * share / 100) for kind, share in SHARES.items()}
    if documents >= len(SHARES) * 10:
        counts = {kind: max(count, 1) for kind, count in counts.items()}
    counts["question"] += documents - sum(counts.values())
    return counts


def entries_for(kind: str, documents: int) -> int:
    """Return how many entries of ``kind`` hold ``documents`` public ones."""
    index = public = 0
    while public < documents:
        public += is_public(kind, index)
        index += 1
    return index


def refuse_real_content() -> None:
    """Raise RealContent where anybody's own content or account stands: this is no place for synthetic entries."""
    people = User.objects.exclude(email__endswith=".invalid").count()
    if people:
        raise RealContent(f"{people} accounts have addresses that mail may reach.")
    for kind, model in MODELS.items():
        loaded = models.ImportedRecord.objects.filter(content_type__model=model._meta.model_name)
        own = model._base_manager.exclude(pk__in=loaded.values("object_id")).exclude(slug__startswith=PREFIX)
        if first := own.first():
            raise RealContent(f"The {kind} {first.slug} is neither synthetic nor starting content.")


def fill(
    documents: int,
    *,
    today: datetime,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write entries until the database holds ``documents`` synthetic documents, and return how many rows that took.

    Nothing is indexed: run ``search_rebuild`` afterwards. Raises NothingToReferTo where the starting content lacks.
    """
    rows = Rows()
    world = World(seed=seed, today=today, rows=rows)
    wanted = share_out(documents)
    threads.communities(world)
    written = rows.write()
    threads.members(world, wanted["question"])
    written += rows.write()
    circles = threads.circles()
    missing = {kind: range(_standing(kind), entries_for(kind, count)) for kind, count in wanted.items()}
    done, total = 0, sum(map(len, missing.values()))
    for kind in SHARES:
        world.refresh()
        solutions = threads.solution_numbers() if kind == "question" else []
        for start in range(missing[kind].start, missing[kind].stop, BATCH):
            batch = range(start, min(start + BATCH, missing[kind].stop))
            for index in batch:
                entry = Entry(world, kind, index)
                if kind == "question":
                    threads.question(entry, circles, solutions)
                else:
                    _makers(kind)(entry)
            written += rows.write()
            done += len(batch)
            progress(done, total)
    world.count_pages()
    return written


def standing() -> dict[str, int]:
    """Return how many synthetic entries of each kind there are, public or not, and how many members."""
    return {kind: _standing(kind) for kind in SHARES} | {
        "member": User.objects.filter(email__endswith=f"@{DOMAIN}").count()
    }


def _standing(kind: str) -> int:
    if kind == "question":
        return Submission.objects.filter(kind="question", form_token__startswith=f"{PREFIX}question-").count()
    return MODELS[kind]._base_manager.filter(slug__startswith=PREFIX).count()


def _makers(kind: str) -> Callable[[Entry], None]:
    return getattr(articles, kind, None) or getattr(registries, kind)
