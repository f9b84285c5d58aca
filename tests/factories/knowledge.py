"""Sample rows of what is known. Slugs come from a sequence, so that two rows of a kind never collide."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from knowledge import models
from knowledge.enums import (
    CentreStatus,
    DefinitionKind,
    InitiativeStatus,
    Level,
    LinkKind,
    SchemeStatus,
)

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=ZoneInfo("Asia/Kolkata"))


def many(name: str) -> factory.PostGeneration:
    """Fill the many-to-many field ``name`` with the rows given to the factory; registries keep them on saving."""

    def fill(instance, create, extracted, **kwargs):
        if not create or not extracted:
            return
        getattr(instance, name).set(extracted)
        instance.save()

    return factory.PostGeneration(fill)


class TermFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    order = factory.Sequence(lambda number: number)


class ThemeFactory(TermFactory):
    class Meta:
        model = models.Theme

    slug = factory.Sequence(lambda number: f"theme-{number}")
    name = factory.Sequence(lambda number: f"Theme {number}")
    description = "What this theme is about."


class SectorFactory(TermFactory):
    class Meta:
        model = models.Sector

    slug = factory.Sequence(lambda number: f"sector-{number}")
    name = factory.Sequence(lambda number: f"Sector {number}")


class StageFactory(TermFactory):
    class Meta:
        model = models.Stage

    slug = factory.Sequence(lambda number: f"stage-{number}")
    name = factory.Sequence(lambda number: f"Stage {number}")


class ClusterTypeFactory(TermFactory):
    class Meta:
        model = models.ClusterType

    slug = factory.Sequence(lambda number: f"cluster-type-{number}")
    name = factory.Sequence(lambda number: f"Cluster type {number}")


class StateFactory(TermFactory):
    class Meta:
        model = models.State

    slug = factory.Sequence(lambda number: f"state-{number}")
    name = factory.Sequence(lambda number: f"State {number}")
    iso_code = factory.Sequence(lambda number: f"X{number:05d}")
    kind = "state"
    region = "north"


class ReferenceTermFactory(TermFactory):
    class Meta:
        model = models.ReferenceTerm

    vocabulary = "activity_areas"
    slug = factory.Sequence(lambda number: f"term-{number}")
    name = factory.Sequence(lambda number: f"Term {number}")


class InstitutionTypeFactory(ReferenceTermFactory):
    vocabulary = "institution_types"
    slug = factory.Sequence(lambda number: f"institution-type-{number}")


class SourceDocumentFactory(DjangoModelFactory):
    class Meta:
        model = models.SourceDocument

    title = factory.Sequence(lambda number: f"Paper on clusters {number}")
    year = 2007


class PublishedFactory(DjangoModelFactory):
    """What registry entries and articles share: published; ``withdrawn``, ``draft`` and ``verified`` are traits."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    class Params:
        withdrawn = factory.Trait(withdrawn_at=NOW - timedelta(days=1), withdrawn_reason="Replaced by another.")
        draft = factory.Trait(live=False, has_unpublished_changes=True, first_published_at=None)
        verified = factory.Trait(verified_at=NOW - timedelta(days=1))

    as_of = 2007
    live = True
    first_published_at = NOW - timedelta(days=30)
    last_published_at = NOW - timedelta(days=30)
    themes = many("themes")
    sources = many("sources")


class RegistryFactory(PublishedFactory):
    """A published registry entry."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True


class InstitutionFactory(RegistryFactory):
    class Meta:
        model = models.Institution

    slug = factory.Sequence(lambda number: f"institution-{number}")
    name = factory.Sequence(lambda number: f"Institution {number}")
    type = factory.SubFactory(InstitutionTypeFactory)
    level = Level.NATIONAL
    country = "India"


class OfficerFactory(DjangoModelFactory):
    """Needs ``user``: accounts are made elsewhere."""

    class Meta:
        model = models.Officer

    institution = factory.SubFactory(InstitutionFactory)
    since = NOW - timedelta(days=30)


class SchemeFactory(RegistryFactory):
    class Meta:
        model = models.Scheme

    slug = factory.Sequence(lambda number: f"scheme-{number}")
    name = factory.Sequence(lambda number: f"Scheme {number}")
    owner = factory.SubFactory(InstitutionFactory)
    level = Level.CENTRAL
    objective = "Help firms of a cluster to share a facility."
    status = SchemeStatus.UNVERIFIED
    states = many("states")
    sectors = many("sectors")
    cluster_types = many("cluster_types")
    implementing_agencies = many("implementing_agencies")


class SchemeUpdateFactory(DjangoModelFactory):
    class Meta:
        model = models.SchemeUpdate

    class Params:
        draft = factory.Trait(live=False, has_unpublished_changes=True, first_published_at=None)

    scheme = factory.SubFactory(SchemeFactory)
    institution = factory.SelfAttribute("scheme.owner")
    title = factory.Sequence(lambda number: f"Change {number}")
    what_changed = "The share of the firms is lower now."
    source_reference = "Circular 1 of 2026"
    live = True
    first_published_at = NOW - timedelta(days=2)


class ResourceCentreFactory(RegistryFactory):
    class Meta:
        model = models.ResourceCentre

    slug = factory.Sequence(lambda number: f"centre-{number}")
    name = factory.Sequence(lambda number: f"Resource centre {number}")
    institution = factory.SubFactory(InstitutionFactory)
    level = Level.NATIONAL
    status = CentreStatus.EXISTING
    sectors = many("sectors")
    states_served = many("states_served")


class ClusterFactory(RegistryFactory):
    class Meta:
        model = models.Cluster

    slug = factory.Sequence(lambda number: f"cluster-{number}")
    name = factory.Sequence(lambda number: f"Cluster {number}")
    product = "Castings"
    sector = factory.SubFactory(SectorFactory)
    type = factory.SubFactory(ClusterTypeFactory)
    country = "India"


class InitiativeFactory(RegistryFactory):
    class Meta:
        model = models.Initiative

    slug = factory.Sequence(lambda number: f"initiative-{number}")
    name = factory.Sequence(lambda number: f"Initiative {number}")
    lead = factory.SubFactory(InstitutionFactory)
    country = "India"
    status = InitiativeStatus.REPORTED
    partners = many("partners")
    funders = many("funders")
    states = many("states")
    clusters = many("clusters")
    sectors = many("sectors")


class ReferenceFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    as_of = 2007
    themes = many("themes")
    clusters = many("clusters")
    schemes = many("schemes")
    sources = many("sources")


class GlossaryTermFactory(ReferenceFactory):
    class Meta:
        model = models.GlossaryTerm

    slug = factory.Sequence(lambda number: f"glossary-{number}")
    term = factory.Sequence(lambda number: f"Term of the trade {number}")
    definitions = factory.LazyFunction(lambda: [{"text": "What the trade says.", "source": "Paper on clusters"}])
    see_also = many("see_also")


class FrequentQuestionFactory(ReferenceFactory):
    class Meta:
        model = models.FrequentQuestion

    slug = factory.Sequence(lambda number: f"faq-{number}")
    order = factory.Sequence(lambda number: number)
    group = "What a cluster is"
    question = factory.Sequence(lambda number: f"Question {number}?")
    answer = "Firms of one place that make one typical product."


class DefinitionFactory(ReferenceFactory):
    class Meta:
        model = models.Definition

    slug = factory.Sequence(lambda number: f"definition-{number}")
    agency_name = factory.Sequence(lambda number: f"Agency {number}")
    rule_kind = DefinitionKind.RULE
    rule = "A cluster has at least 100 units."


class LinkFactory(ReferenceFactory):
    class Meta:
        model = models.Link

    slug = factory.Sequence(lambda number: f"link-{number}")
    name = factory.Sequence(lambda number: f"Site {number}")
    url = factory.Sequence(lambda number: f"https://site-{number}.example/")
    link_kind = LinkKind.KNOWLEDGE


class PublicationFactory(ReferenceFactory):
    class Meta:
        model = models.Publication

    slug = factory.Sequence(lambda number: f"publication-{number}")
    title = factory.Sequence(lambda number: f"Work {number}")
    author = "A. Author"
    year = "2007"


class StatisticFactory(ReferenceFactory):
    class Meta:
        model = models.Statistic

    slug = factory.Sequence(lambda number: f"statistic-{number}")
    label = factory.Sequence(lambda number: f"Figure {number}")
    value = "6400"
    unit = "clusters"
    period = "2007 paper"
    scope = "India"


class ImportedRecordFactory(DjangoModelFactory):
    class Meta:
        model = models.ImportedRecord

    file = "clusters.json"
    target = factory.SubFactory(ClusterFactory)
    slug = factory.SelfAttribute("target.slug")
    values = factory.LazyAttribute(lambda record: {"name": record.target.name})
    loaded_at = NOW
