"""What is known, as documents of search: live, public, not withdrawn. Hindi names stand in the body.

Each source reads a batch of keys with a constant number of queries. A document carries the broader terms of its
themes and sectors too, so that a reader who chooses a broad term finds what is filed below it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.db.models import Model, Prefetch, QuerySet, Value
from django.utils.translation import override
from wagtail.models import Page

from knowledge import models
from knowledge.blocks import shown_blocks
from knowledge.sanitize import plain_text
from knowledge.search_terms import slugs_of, terms_of
from knowledge.views.filters import union
from search import registry
from search.documents import PUBLIC, Part, SearchDocument

#: Takes the numbers of rows of one kind, returns how many people each helped, for those that helped anybody.
UsefulnessOf = Callable[[list[int]], dict[int, int]]

_usefulness: dict[str, UsefulnessOf] = {}
_EVERYBODY = frozenset({PUBLIC})
_TERM_NAMES = ("name", "name_hi")
#: Updates of a scheme by whose words it is found; older ones are history.
LATEST_UPDATES = 5


@dataclass(frozen=True)
class Shape:
    """How the rows of one kind become documents. ``terms`` maps a facet to the relation that holds it."""

    kind: str
    rows: Callable[[], QuerySet]
    title: Callable[[Model], str]
    summary: Callable[[Model], str]
    words: Callable[[Model], Iterable[str]]
    terms: dict[str, str] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    lists: tuple[str | Prefetch, ...] = ()

    @property
    def shown(self) -> Callable[[], QuerySet]:
        """Return where to look whether a row is shown still: all kinds of pages share a table that tells it."""
        return models.KnowledgePage.objects.current if self.kind in PAGE_KINDS else self.rows

    def batch(self, pks: list[int]) -> QuerySet:
        """Return the rows of ``pks`` that may be found, with everything a document needs."""
        rows = self.rows().filter(pk__in=pks)
        if self.related:
            rows = rows.select_related(*self.related)
        return rows.prefetch_related(*self.lists)


class RowSource:
    """A source whose kinds are described by shapes."""

    def __init__(self, name: str, *shapes: Shape) -> None:
        self.name = name
        self.kinds = tuple(shape.kind for shape in shapes)
        self._shapes = {shape.kind: shape for shape in shapes}

    def keys(self) -> Iterator[str]:
        """Yield the keys of everything that should be in the index, by kind and number."""
        for kind, shape in self._shapes.items():
            for pk in shape.rows().order_by("pk").values_list("pk", flat=True).iterator():
                yield f"{kind}:{pk}"

    def documents(self, keys: list[str]) -> Iterator[SearchDocument]:
        """Yield the documents of those ``keys`` that should be in the index now."""
        for kind, pks in _by_kind(keys).items():
            shape = self._shapes[kind]
            useful = _usefulness[kind](pks) if kind in _usefulness else {}
            with override("en"):
                rows = list(shape.batch(pks))
                terms = {facet: terms_of(path, rows) for facet, path in shape.terms.items()}
                site = SimpleNamespace()  # where Wagtail keeps the roots of sites, which it looks up for each page else
                found = [
                    _document(
                        shape,
                        row,
                        {facet: each[row.pk] for facet, each in terms.items()},
                        address=_address(row, site),
                        usefulness=useful.get(row.pk, 0),
                    )
                    for row in rows
                ]
            yield from found

    def visible(self, keys: list[str], viewer) -> set[str]:
        """Return those of ``keys`` that are public now, in one query; what is known is the same for every viewer."""
        asked: dict[Callable[[], QuerySet], dict[int, str]] = {}
        for kind, pks in _by_kind(keys).items():
            asked.setdefault(self._shapes[kind].shown, {}).update((pk, f"{kind}:{pk}") for pk in pks)
        keys_of = list(asked.values())
        parts = [
            shown().order_by().filter(pk__in=keys_of[place]).values_list(Value(place), "pk")
            for place, shown in enumerate(asked)
        ]
        return {keys_of[place][pk] for place, pk in union(parts)}


def register() -> None:
    """Offer every kind to search, and name the values of its facets."""
    registry.register(KNOWLEDGE)
    for facet, model in FACET_TERMS.items():
        registry.register_labels(facet, _namer(model))


def register_usefulness(kind: str, usefulness_of: UsefulnessOf) -> None:
    """Let ``usefulness_of`` count, in one query for a batch, how many people each row of ``kind`` helped.

    Whoever registers it has the row indexed again when its number changes.
    """
    _usefulness[kind] = usefulness_of


def _namer(model: type[models.Theme]) -> Callable[[], dict[str, str]]:
    def names() -> dict[str, str]:
        return {term.slug: term.localized_name for term in model.objects.only("slug", *_TERM_NAMES)}

    return names


def _by_kind(keys: list[str]) -> dict[str, list[int]]:
    pks: dict[str, list[int]] = {}
    for key in keys:
        kind, _colon, pk = key.partition(":")
        pks.setdefault(kind, []).append(int(pk))
    return pks


def _document(
    shape: Shape, row: Model, terms: dict[str, list[Model]], *, address: str, usefulness: int
) -> SearchDocument:
    title, summary = shape.title(row), shape.summary(row)
    names = (getattr(term, name, "") for found in terms.values() for term in found for name in _TERM_NAMES)
    words = [*shape.words(row), ", ".join(str(name) for name in dict.fromkeys(names) if name)]
    slugs = {facet: slugs_of(found) for facet, found in terms.items()}
    return SearchDocument(
        key=f"{shape.kind}:{row.pk}",
        kind=shape.kind,
        url=address,
        title=title,
        parts=(Part(_EVERYBODY, title, summary, "\n".join(str(each) for each in words if each)),),
        language=row.locale.language_code if isinstance(row, Page) else "en",
        summary=summary,
        themes=slugs.get("theme", ()),
        sectors=slugs.get("sector", ()),
        states=slugs.get("state", ()),
        stage=next(iter(slugs.get("stage", ())), ""),
        outcome=getattr(row, "outcome", ""),
        as_of=getattr(row, "as_of", None),
        verified_at=getattr(row, "verified_at", None),
        published_at=getattr(row, "first_published_at", None),
        usefulness=usefulness,
    )


def _address(row: Model, site: SimpleNamespace) -> str:
    if not isinstance(row, Page):
        return row.get_absolute_url()
    parts = row.get_url_parts(site)
    return (parts and parts[2]) or "/"


def _registry_title(entry) -> str:
    return f"{entry.short_name}, {entry.name}" if entry.short_name else entry.name


def _names(entry) -> list[str]:
    return [entry.name_hi, entry.aliases]


def _public_names(*entries) -> list[str]:
    """Return the names of related entries that are public themselves."""
    return [name for entry in entries if entry and entry.live for name in (entry.short_name, entry.name, entry.name_hi)]


def _stream_words(stream) -> list[str]:
    return [plain_text(text) for each in shown_blocks(stream) for text in each.block.get_searchable_content(each.value)]


def _solution_words(page: models.SolutionPage) -> list[str]:
    texts = [page.subject, page.problem, page.what_it_needs, page.limits, page.editor_note]
    return [*texts, *_stream_words(page.solution), *_stream_words(page.experiences)]


def _case_words(page: models.CaseStudyPage) -> list[str]:
    texts = [page.subject, page.problem, page.what_was_done, page.results, page.pitfalls, page.lessons]
    return [*texts, *_public_names(page.cluster), *_public_names(*page.actors.all())]


def _practice_words(page: models.BestPracticePage) -> list[str]:
    return [page.practice, page.why_it_works, page.steps, page.conditions, page.costs]


def _scheme_words(scheme: models.Scheme) -> list[str]:
    texts = [scheme.objective, scheme.supports, scheme.eligibility, scheme.funding_pattern]
    texts += [scheme.implementing_process, scheme.ceiling, scheme.notes]
    for update in scheme.live_updates[:LATEST_UPDATES]:
        texts += [update.title, update.what_changed]
    return [*_names(scheme), *texts, *_public_names(scheme.owner)]


def _latest_updates() -> Prefetch:
    """Return how to fetch the updates of schemes that anybody may read, the newest first."""
    updates = models.SchemeUpdate.objects.filter(live=True).order_by("-first_published_at", "-pk")
    return Prefetch("updates", updates, to_attr="live_updates")


def _centre_words(centre: models.ResourceCentre) -> list[str]:
    return [*_names(centre), centre.services, centre.track_record, *_public_names(centre.institution)]


def _initiative_words(initiative: models.Initiative) -> list[str]:
    texts = [initiative.country, initiative.features, initiative.results, initiative.lessons]
    return [*_names(initiative), *texts, *_public_names(initiative.lead)]


def _cluster_words(cluster: models.Cluster) -> list[str]:
    return [*_names(cluster), cluster.product, cluster.city, cluster.district, cluster.country, cluster.notes]


def _institution_words(institution: models.Institution) -> list[str]:
    return [*_names(institution), str(institution.type), institution.role, institution.city, institution.country]


def _glossary_words(term: models.GlossaryTerm) -> list[str]:
    return [term.term_hi, term.abbreviation, *_meanings(term)]


def _glossary_summary(term: models.GlossaryTerm) -> str:
    return next(iter(_meanings(term)), "")


def _meanings(term: models.GlossaryTerm) -> list[str]:
    return [str(each.get("text", "")) for each in term.definitions if isinstance(each, dict)]


PAGE_TERMS = {"theme": "themes", "sector": "sectors", "state": "states", "stage": "stage"}
PAGES = (
    Shape(
        "solution",
        models.SolutionPage.objects.current,
        lambda page: page.title,
        lambda page: page.summary or page.subject,
        _solution_words,
        PAGE_TERMS,
        ("locale",),
    ),
    Shape(
        "case_study",
        models.CaseStudyPage.objects.current,
        lambda page: page.title,
        lambda page: page.summary or page.subject,
        _case_words,
        PAGE_TERMS,
        ("locale", "cluster"),
        ("actors",),
    ),
    Shape(
        "best_practice",
        models.BestPracticePage.objects.current,
        lambda page: page.title,
        lambda page: page.summary or page.practice,
        _practice_words,
        PAGE_TERMS,
        ("locale",),
    ),
)
REGISTRIES = (
    Shape(
        "theme",
        models.Theme.objects.all,
        lambda theme: theme.name,
        lambda theme: theme.description,
        lambda theme: [theme.name_hi, theme.description_hi, theme.intro, theme.intro_hi],
        {},
    ),
    Shape(
        "scheme",
        models.Scheme.objects.current,
        _registry_title,
        lambda scheme: scheme.objective,
        _scheme_words,
        {"theme": "themes", "sector": "sectors", "state": "states"},
        ("owner",),
        (_latest_updates(),),
    ),
    Shape(
        "resource_centre",
        models.ResourceCentre.objects.current,
        _registry_title,
        lambda centre: centre.track_record,
        _centre_words,
        {"theme": "themes", "sector": "sectors", "state": "states_served"},
        ("institution",),
    ),
    Shape(
        "initiative",
        models.Initiative.objects.current,
        _registry_title,
        lambda initiative: initiative.features or initiative.results,
        _initiative_words,
        {"theme": "themes", "sector": "sectors", "state": "states"},
        ("lead",),
    ),
    Shape(
        "cluster",
        models.Cluster.objects.current,
        _registry_title,
        lambda cluster: f"{cluster.product}. {cluster.place}",
        _cluster_words,
        {"theme": "themes", "sector": "sector", "state": "state", "type": "type"},
        ("state",),
    ),
    Shape(
        "institution",
        models.Institution.objects.current,
        _registry_title,
        lambda institution: institution.role,
        _institution_words,
        {"theme": "themes", "state": "state"},
        ("type",),
    ),
)
REFERENCES = (
    Shape(
        "faq",
        models.FrequentQuestion.objects.all,
        lambda entry: entry.question,
        lambda entry: entry.answer,
        lambda entry: [entry.group],
        {"theme": "themes"},
    ),
    Shape(
        "glossary",
        models.GlossaryTerm.objects.all,
        lambda entry: f"{entry.term} ({entry.abbreviation})" if entry.abbreviation else entry.term,
        _glossary_summary,
        _glossary_words,
        {"theme": "themes"},
    ),
    Shape(
        "definition",
        models.Definition.objects.all,
        lambda entry: entry.agency_name,
        lambda entry: entry.rule,
        lambda entry: [entry.notes, *_public_names(entry.agency)],
        {"theme": "themes", "type": "cluster_type"},
        ("agency",),
    ),
    Shape(
        "publication",
        models.Publication.objects.all,
        lambda entry: entry.title,
        lambda entry: f"{entry.author}, {entry.year}",
        lambda entry: [entry.publisher, entry.topic, entry.notes],
        {"theme": "themes"},
    ),
    Shape(
        "statistic",
        models.Statistic.objects.all,
        lambda entry: entry.label,
        lambda entry: f"{entry.value} {entry.unit}, {entry.period}",
        lambda entry: [entry.scope, entry.state_as_named, entry.notes],
        {"theme": "themes", "state": "state", "type": "cluster_type"},
    ),
)
PAGE_KINDS = frozenset(shape.kind for shape in PAGES)
#: One source for all of it, so that the hits of a page are looked up in one query.
KNOWLEDGE = RowSource("knowledge", *PAGES, *REGISTRIES, *REFERENCES)
FACET_TERMS = {"theme": models.Theme, "sector": models.Sector, "state": models.State, "stage": models.Stage}
