"""Figures that belong together: series for plots, and counts by state for the map of tiles."""

from dataclasses import dataclass

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from knowledge.models import Cluster, State, Statistic

#: Fewer figures than this are read faster as a sentence than as a plot.
FEWEST_IN_A_PLOT = 3

HANDICRAFT_LABEL = "Handicraft clusters, "

#: Column and row of each state and union territory on the map: equal tiles, no boundary is drawn.
TILES = {
    "IN-LA": (3, 0),
    "IN-JK": (2, 0),
    "IN-CH": (1, 1),
    "IN-PB": (2, 1),
    "IN-HP": (3, 1),
    "IN-HR": (2, 2),
    "IN-DL": (3, 2),
    "IN-UK": (4, 2),
    "IN-SK": (7, 2),
    "IN-AR": (9, 2),
    "IN-RJ": (2, 3),
    "IN-UP": (4, 3),
    "IN-BR": (5, 3),
    "IN-ML": (7, 3),
    "IN-AS": (8, 3),
    "IN-NL": (9, 3),
    "IN-GJ": (1, 4),
    "IN-MP": (3, 4),
    "IN-CG": (4, 4),
    "IN-JH": (5, 4),
    "IN-WB": (6, 4),
    "IN-TR": (8, 4),
    "IN-TS": (4, 5),
    "IN-MN": (9, 4),
    "IN-DH": (1, 5),
    "IN-MH": (2, 5),
    "IN-OD": (5, 5),
    "IN-MZ": (8, 5),
    "IN-GA": (2, 6),
    "IN-KA": (3, 6),
    "IN-AP": (4, 6),
    "IN-LD": (1, 7),
    "IN-KL": (3, 7),
    "IN-TN": (4, 7),
    "IN-PY": (5, 7),
    "IN-AN": (8, 7),
}
TILE = 40


@dataclass(frozen=True)
class Series:
    """Figures of one unit and period, the largest first, with the measure of the longest bar."""

    title: str
    unit: str
    period: str
    most: float
    figures: list[Statistic]


@dataclass(frozen=True)
class MapTile:
    """A state on the map. ``shade`` is 0 (not stated) to 4; ``left`` and ``top`` are in the drawing's units."""

    state: State
    code: str
    count: int | None
    shade: int
    left: int
    top: int
    url: str

    @property
    def middle(self) -> int:
        """Return where the words of the tile are centred."""
        return self.left + TILE // 2 - 1


@dataclass(frozen=True)
class StateMap:
    """Counts by state with what is counted and when; ``classes`` are the lowest and highest count of each shade."""

    title: str
    year: int | None
    tiles: list[MapTile]
    rows: list[MapTile]
    classes: list[tuple[int, int]]


def statistic_series(statistics: list[Statistic]) -> tuple[list[Series], list[Statistic]]:
    """Part the figures into series that make a plot and those that stand alone.

    A series is what shares the words before the last comma of its label, unit, period and dimension, and has
    numbers only; sources label the members of a series that way.
    """
    groups: dict[tuple, list[Statistic]] = {}
    single = []
    for figure in statistics:
        if figure.dimension:
            title = figure.label.rpartition(", ")[0] or figure.label
            groups.setdefault((title, figure.unit, figure.period, figure.dimension), []).append(figure)
        else:
            single.append(figure)
    series = []
    for (title, unit, period, _dimension), figures in groups.items():
        numbers = [figure.number for figure in figures]
        if len(figures) < FEWEST_IN_A_PLOT or None in numbers or min(numbers) < 0:
            single += figures
            continue
        for figure in figures:
            figure.short_label = figure.label.removeprefix(f"{title}, ")
        figures.sort(key=lambda figure: -figure.number)
        series.append(Series(title, unit, period, max(numbers), figures))
    return series, single


def state_map() -> StateMap | None:
    """Return the clusters of each state: the census figures where they are loaded, else the registry's rows."""
    census = Statistic.objects.filter(label__startswith=HANDICRAFT_LABEL, dimension="state").exclude(state=None)
    counts: dict[int, int] = {}
    years = set()
    for figure in census.only("state", "value", "as_of"):
        if figure.number is not None:
            counts[figure.state_id] = counts.get(figure.state_id, 0) + int(figure.number)
            years.add(figure.as_of)
    title, year = _("Handicraft clusters by state"), max((year for year in years if year), default=None)
    if not counts:
        clusters = Cluster.objects.current().exclude(state=None).order_by()
        counts = {}
        for state, number, newest in clusters.values_list("state").annotate(number=Count("pk"), newest=Max("as_of")):
            counts[state] = number
            year = max(year or 0, newest or 0) or None
        title = _("Clusters in the registry by state")
    if not counts:
        return None
    classes = _classes(sorted(counts.values()))
    tiles = [_tile(state, counts.get(state.pk), classes) for state in State.objects.all()]
    by_count = sorted(tiles, key=lambda tile: (-(tile.count or -1), tile.state.localized_name))
    return StateMap(title, year, [tile for tile in tiles if tile.left >= 0], by_count, classes)


def _classes(counts: list[int]) -> list[tuple[int, int]]:
    """Cut the sorted counts into at most four classes with about as many states each."""
    classes: list[tuple[int, int]] = []
    size = max(-(-len(counts) // 4), 1)
    for start in range(0, len(counts), size):
        part = [count for count in counts[start : start + size] if not classes or count > classes[-1][1]]
        if part:
            classes.append((part[0], part[-1]))
    return classes


def _tile(state: State, count: int | None, classes: list[tuple[int, int]]) -> MapTile:
    column, row = TILES.get(state.iso_code, (-1, -1))
    shade = 0 if count is None else 1 + sum(count > highest for _lowest, highest in classes)
    return MapTile(
        state=state,
        code=state.iso_code.removeprefix("IN-"),
        count=count,
        shade=shade,
        left=column * TILE + 1 if column >= 0 else -1,
        top=row * TILE + 1,
        url=f"{reverse('cluster_list')}?{urlencode({'state': state.slug})}",
    )
