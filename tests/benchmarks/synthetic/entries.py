"""One entry in the making: who it is, what is drawn for it, whether readers see it."""

from . import PREFIX
from .words import Writer
from .world import World

#: Kinds of which everything is public.
ALWAYS_PUBLIC = {"glossary", "faq", "definition", "publication", "statistic"}
#: One of so many others is a draft, withdrawn, pending or hidden, and no document.
HIDDEN_EACH, HIDDEN_AT = 40, 7


def is_public(kind: str, index: int) -> bool:
    """Return whether the entry ``index`` of ``kind`` is a document."""
    return kind in ALWAYS_PUBLIC or index % HIDDEN_EACH != HIDDEN_AT


class Entry:
    """What one entry is made of: its world, its number of its kind, its chance, its writer; whether readers see it."""

    def __init__(self, world: World, kind: str, index: int) -> None:
        self.world, self.kind, self.index, self.public = world, kind, index, is_public(kind, index)
        self.slug = f"{PREFIX}{kind.replace('_', '-')}-{index:06d}"
        self.chance = world.chance(self.slug)
        self.writer = Writer(self.chance, in_hindi=kind == "question" and self.chance.random() < 0.06)
        self.published_at = world.moment(self.chance)

    @property
    def is_withdrawn(self) -> bool:
        """Return whether a hidden entry is hidden because it was withdrawn, and not because it is a draft."""
        return not self.public and self.index // HIDDEN_EACH % 2 == 1

    @property
    def facts(self) -> dict:
        """Return the columns of dated facts."""
        return {
            "as_of": self.chance.choice((2007, 2008, 2011, 2015, 2019, 2022, 2024, 2025)),
            "verified_at": self.world.verified(self.chance, self.published_at),
        }

    @property
    def publishing(self) -> dict:
        """Return the columns that say who may read it."""
        withdrawn = self.is_withdrawn
        return {
            "live": self.public or withdrawn,
            "has_unpublished_changes": not (self.public or withdrawn),
            "first_published_at": self.published_at if self.public or withdrawn else None,
            "last_published_at": self.published_at if self.public or withdrawn else None,
            "withdrawn_at": self.world.today if withdrawn else None,
            "withdrawn_reason": "Replaced by another." if withdrawn else "",
        }

    def short(self, limit: int, file: str, *path: str) -> str:
        """Return some words, as long as those at ``path`` and no longer than ``limit`` characters."""
        return self.writer.words(self.writer.length(file, *path))[:limit].strip()

    def text(self, file: str, *path: str, share: float = 1.0) -> str:
        """Return a text as long as one at ``path``, in ``share`` of all cases."""
        if self.chance.random() >= share:
            return ""
        return self.writer.text(self.writer.length(file, *path))

    def lines(self, most: int, file: str, *path: str) -> str:
        """Return up to ``most`` lines, each as long as one at ``path``."""
        return self.writer.lines(self.chance.randint(0, most), file, *path)
