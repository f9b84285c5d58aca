"""What new entries refer to: the terms of the lists, the sections, the bodies and places that stand already."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Locale, Page

from knowledge import models

from .rows import Rows

_DAYS, _OLDEST_DAYS = 420, 4000


class NothingToReferTo(Exception):
    """The database lacks what the starting content brings."""


@dataclass(frozen=True)
class Pool:
    """Numbers of rows, drawn with a skew: the first ones far more often than the last."""

    numbers: tuple[int, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, numbers: list[int]) -> "Pool":
        return cls(tuple(numbers), tuple(accumulate(1 / (rank + 2) for rank in range(len(numbers)))))

    def draw(self, chance: random.Random, most: int = 1, least: int = 0) -> list[int]:
        """Return from ``least`` up to ``most`` different numbers."""
        count = chance.randint(least, most) if self.numbers else 0
        return list(dict.fromkeys(chance.choices(self.numbers, cum_weights=self.weights, k=count))) if count else []

    def one(self, chance: random.Random, share: float = 1.0) -> int | None:
        """Return a number in ``share`` of all cases."""
        drawn = self.draw(chance, 1, 1) if chance.random() < share else []
        return drawn[0] if drawn else None


class World:
    """What stands when a batch is made. ``today`` bounds every date, ``seed`` and the entry's name decide its texts."""

    def __init__(self, *, seed: int, today: datetime, rows: Rows) -> None:
        self.seed, self.today, self.rows = seed, today, rows
        self.themes = _pool(models.Theme, required=True)
        self.sectors = _pool(models.Sector, required=True)
        self.states = _pool(models.State, required=True)
        self.stages = _pool(models.Stage, required=True)
        self.cluster_types = _pool(models.ClusterType, required=True)
        self.institution_types = _pool(models.ReferenceTerm, required=True, vocabulary="institution_types")
        self.types = {model: ContentType.objects.get_for_model(model).pk for model in _PAGES}
        self.locale = Locale.objects.get(language_code="en").pk
        self._section_of = {model: _section(section) for model, section in _PAGES.items()}
        self._last_path: dict[type[Page], str] = {}
        self.refresh()

    def refresh(self) -> None:
        """Take up what was written meanwhile."""
        self.institutions = _pool(models.Institution, live=True)
        self.schemes = _pool(models.Scheme, live=True)
        self.clusters = _pool(models.Cluster, live=True)
        self.cases = _pool(models.CaseStudyPage, live=True)

    def chance(self, name: str) -> random.Random:
        """Return the chance of the entry ``name``: the same for the same seed, whatever was made before."""
        return random.Random(f"{self.seed} {name}")

    def moment(self, chance: random.Random) -> datetime:
        """Return a moment of the past, the recent ones more often."""
        days = min(chance.expovariate(1 / _DAYS), _OLDEST_DAYS)
        return self.today - timedelta(days=1 + int(days), seconds=chance.randrange(86_400))

    def verified(self, chance: random.Random, published: datetime) -> datetime | None:
        """Return when a named owner confirmed the facts; most often nobody has."""
        return published + timedelta(hours=20) if chance.random() < 0.25 else None

    def place(self, model: type[Page]) -> dict[str, str | int]:
        """Return the columns of the tree for the next page of ``model``, below its section."""
        section = self._section_of[model]
        if model not in self._last_path:
            last = Page.objects.filter(path__startswith=section.path, depth=section.depth + 1).order_by("-path").first()
            self._last_path[model] = last.path if last else ""
        before = self._last_path[model]
        path = Page(path=before)._inc_path() if before else Page._get_path(section.path, section.depth + 1, 1)
        self._last_path[model] = path
        return {"path": path, "depth": section.depth + 1, "numchild": 0}

    def address(self, model: type[Page], slug: str) -> str:
        """Return the address of the page ``slug`` of ``model`` below its section."""
        return f"{self._section_of[model].url_path}{slug}/"

    def count_pages(self) -> None:
        """Note below the sections how many pages stand there now."""
        for section in self._section_of.values():
            children = Page.objects.filter(path__startswith=section.path, depth=section.depth + 1).count()
            Page.objects.filter(pk=section.pk).update(numchild=children)


_PAGES = {
    models.SolutionPage: models.SolutionIndexPage,
    models.CaseStudyPage: models.CaseStudyIndexPage,
    models.BestPracticePage: models.BestPracticeIndexPage,
}


def _pool(model: type[Model], *, required: bool = False, **which) -> Pool:
    found = list(model._base_manager.filter(**which).order_by("pk").values_list("pk", flat=True))
    if required and not found:
        raise NothingToReferTo(f"There is no {model._meta.verbose_name}: run bootstrap_site and load_content first.")
    return Pool.of(found)


def _section(model: type[Page]) -> Page:
    section = model.objects.order_by("pk").first()
    if section is None:
        raise NothingToReferTo(f"There is no {model._meta.verbose_name}: run bootstrap_site first.")
    return section
