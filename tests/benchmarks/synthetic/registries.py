"""Entries of the registries and of the reference lists."""

from knowledge import models
from knowledge.enums import CentreStatus, DefinitionKind, InitiativeStatus, Level, SchemeStatus

from .entries import Entry

_PLACES = ("East", "West", "North", "South", "Old", "New")


def _registry(entry: Entry, file: str) -> dict:
    return {
        "slug": entry.slug,
        "name": entry.writer.title(entry.writer.length(file, "name"), str(entry.index)),
        "latest_revision": None,
        **entry.facts,
        **entry.publishing,
    }


def institution(entry: Entry) -> None:
    """Add an institution."""
    world, chance = entry.world, entry.chance
    number = world.rows.number(models.Institution)
    world.rows.add(
        models.Institution(
            pk=number,
            type_id=world.institution_types.one(chance),
            level=chance.choice((Level.NATIONAL, Level.STATE, Level.CLUSTER)),
            state_id=world.states.one(chance, 0.6),
            city=chance.choice(_PLACES),
            country="India",
            role=entry.text("institutions", "role"),
            **_registry(entry, "institutions"),
        )
    )
    world.rows.link(models.Institution.themes.field, number, world.themes.draw(chance, 2))


def cluster(entry: Entry) -> None:
    """Add a cluster."""
    world, chance = entry.world, entry.chance
    number = world.rows.number(models.Cluster)
    world.rows.add(
        models.Cluster(
            pk=number,
            product=entry.short(100, "clusters", "product"),
            sector_id=world.sectors.one(chance),
            type_id=world.cluster_types.one(chance),
            city=chance.choice(_PLACES),
            state_id=world.states.one(chance, 0.9),
            enterprises=chance.randint(30, 9000),
            figures_year=2011,
            notes=entry.text("clusters", "notes", share=0.8),
            **_registry(entry, "clusters"),
        )
    )
    world.rows.link(models.Cluster.themes.field, number, world.themes.draw(chance, 3))


def scheme(entry: Entry) -> None:
    """Add a scheme."""
    world, chance = entry.world, entry.chance
    number = world.rows.number(models.Scheme)
    world.rows.add(
        models.Scheme(
            pk=number,
            owner_id=world.institutions.one(chance, 0.9),
            level=chance.choice((Level.CENTRAL, Level.STATE)),
            objective=entry.text("schemes", "objective"),
            supports=entry.lines(5, "schemes", "supports"),
            eligibility=entry.text("schemes", "eligibility", share=0.8),
            funding_pattern=entry.text("schemes", "funding_pattern", share=0.3),
            notes=entry.text("schemes", "notes", share=0.5),
            status=SchemeStatus.UNVERIFIED,
            **_registry(entry, "schemes"),
        )
    )
    world.rows.link(models.Scheme.themes.field, number, world.themes.draw(chance, 4, 1))
    world.rows.link(models.Scheme.sectors.field, number, world.sectors.draw(chance, 2))
    world.rows.link(models.Scheme.states.field, number, world.states.draw(chance, 1))


def initiative(entry: Entry) -> None:
    """Add an initiative."""
    world, chance = entry.world, entry.chance
    number = world.rows.number(models.Initiative)
    world.rows.add(
        models.Initiative(
            pk=number,
            lead_id=world.institutions.one(chance, 0.7),
            country="India",
            features=entry.text("initiatives", "features"),
            results=entry.text("initiatives", "results"),
            lessons=entry.lines(2, "initiatives", "lessons"),
            status=InitiativeStatus.REPORTED,
            start_year=chance.randint(1995, 2024),
            **_registry(entry, "initiatives"),
        )
    )
    world.rows.link(models.Initiative.themes.field, number, world.themes.draw(chance, 3, 1))
    world.rows.link(models.Initiative.sectors.field, number, world.sectors.draw(chance, 2, 1))
    world.rows.link(models.Initiative.states.field, number, world.states.draw(chance, 2))


def resource_centre(entry: Entry) -> None:
    """Add a resource centre."""
    world, chance = entry.world, entry.chance
    number = world.rows.number(models.ResourceCentre)
    world.rows.add(
        models.ResourceCentre(
            pk=number,
            institution_id=world.institutions.one(chance),
            level=Level.STATE,
            services=entry.lines(5, "resource_centres", "services"),
            track_record=entry.text("resource_centres", "track_record"),
            status=CentreStatus.EXISTING,
            **_registry(entry, "resource_centres"),
        )
    )
    world.rows.link(models.ResourceCentre.themes.field, number, world.themes.draw(chance, 4, 1))
    world.rows.link(models.ResourceCentre.sectors.field, number, world.sectors.draw(chance, 2))
    world.rows.link(models.ResourceCentre.states_served.field, number, world.states.draw(chance, 3))


def glossary(entry: Entry) -> None:
    """Add a term of the glossary."""
    definitions = [{"text": entry.text("glossary", "definitions", "text"), "source": "A generator"}]
    term = entry.writer.title(3, str(entry.index))
    row = models.GlossaryTerm(term=term, definitions=definitions)
    _reference(entry, row)


def faq(entry: Entry) -> None:
    """Add a frequent question."""
    question = entry.writer.title(entry.writer.length("faqs", "question"), str(entry.index))
    answer = entry.text("faqs", "answer")
    _reference(entry, models.FrequentQuestion(group="Synthetic", question=question, answer=answer, order=entry.index))


def definition(entry: Entry) -> None:
    """Add a definition of a cluster."""
    rule = entry.text("definitions", "rule")
    name = entry.writer.title(3, str(entry.index))
    _reference(entry, models.Definition(agency_name=name, rule_kind=DefinitionKind.RULE, rule=rule))


def publication(entry: Entry) -> None:
    """Add a cited work."""
    title = entry.writer.title(entry.writer.length("publications", "title"), str(entry.index))
    row = models.Publication(title=title, author="Synthetic author", year=str(entry.chance.randint(1990, 2025)))
    row.topic = entry.short(60, "publications", "topic")
    _reference(entry, row)


def statistic(entry: Entry) -> None:
    """Add a figure."""
    label = entry.writer.title(entry.writer.length("statistics", "label"), str(entry.index))
    row = models.Statistic(label=label, value=str(entry.chance.randint(1, 9999)), unit="units", period="2011")
    row.scope, row.notes = "India", entry.text("statistics", "notes", share=0.3)
    row.state_id = entry.world.states.one(entry.chance, 0.5)
    _reference(entry, row)


def _reference(entry: Entry, row: models.GlossaryTerm) -> None:
    rows, model = entry.world.rows, type(row)
    row.pk, row.slug = rows.number(model), entry.slug
    for name, value in entry.facts.items():
        setattr(row, name, value)
    rows.add(row)
    rows.link(model.themes.field, row.pk, entry.world.themes.draw(entry.chance, 2))
