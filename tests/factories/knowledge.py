"""Sample rows of what is known. Slugs come from a sequence, so that two rows of a kind never collide."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import factory
import wagtail_factories
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site

from knowledge import models
from knowledge.enums import (
    CentreStatus,
    DefinitionKind,
    InitiativeStatus,
    Level,
    LinkKind,
    Outcome,
    PayoffDomain,
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


class RegistryFactory(DjangoModelFactory):
    """A published registry entry; ``withdrawn=True`` and ``draft=True`` are the two others."""

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


def tree_root() -> Page:
    """Return Wagtail's root page, which its migrations make; a flushed database gets it anew."""
    Locale.objects.get_or_create(language_code="en")
    return Page.get_first_root_node() or Page.add_root(title="Root", slug="root")


class HomePageFactory(wagtail_factories.PageFactory):
    """The home page, as root of the default site; the one that stands is used again, for there is never a second."""

    class Meta:
        model = models.HomePage

    title = "Home"
    slug = factory.Sequence(lambda number: f"home-{number}")
    parent = factory.LazyFunction(tree_root)

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        if standing := model_class.objects.first():
            return standing
        home = super()._create_instance(model_class, parent, kwargs)
        site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
        site.root_page = home
        site.save()
        return home


class InfoPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.InfoPage

    title = factory.Sequence(lambda number: f"Plain page {number}")
    slug = factory.Sequence(lambda number: f"plain-page-{number}")
    body = "<p>Some words.</p>"
    parent = factory.SubFactory(HomePageFactory)


class SectionFactory(wagtail_factories.PageFactory):
    """A section; the one that stands is used again, for there is never a second of its kind."""

    class Meta:
        abstract = True

    parent = factory.SubFactory(HomePageFactory)

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        return model_class.objects.first() or super()._create_instance(model_class, parent, kwargs)


class SolutionIndexPageFactory(SectionFactory):
    class Meta:
        model = models.SolutionIndexPage

    title = "Solutions"
    slug = "solutions"


class CaseStudyIndexPageFactory(SectionFactory):
    class Meta:
        model = models.CaseStudyIndexPage

    title = "Case studies"
    slug = "cases"


class BestPracticeIndexPageFactory(SectionFactory):
    class Meta:
        model = models.BestPracticeIndexPage

    title = "Best practices"
    slug = "practices"


class KnowledgePageFactory(wagtail_factories.PageFactory):
    """A published article under its section; traits ``withdrawn``, ``draft``, ``verified``."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    class Params:
        withdrawn = factory.Trait(withdrawn_at=NOW - timedelta(days=1), withdrawn_reason="Replaced by another.")
        draft = factory.Trait(live=False, has_unpublished_changes=True, first_published_at=None)
        verified = factory.Trait(verified_at=NOW - timedelta(days=1))

    summary = "One sentence on what helps."
    as_of = 2007
    live = True
    first_published_at = NOW - timedelta(days=30)
    last_published_at = NOW - timedelta(days=30)
    themes = many("themes")
    sectors = many("sectors")
    states = many("states")
    sources = many("sources")


class CaseStudyPageFactory(KnowledgePageFactory):
    class Meta:
        model = models.CaseStudyPage

    title = factory.Sequence(lambda number: f"Case {number}")
    slug = factory.Sequence(lambda number: f"case-{number}")
    parent = factory.SubFactory(CaseStudyIndexPageFactory)
    subject = "Buying together"
    problem = "Each firm paid more for coal than its rivals elsewhere."
    what_was_done = "Fifteen firms bought as one."
    results = "The price fell."
    outcome = Outcome.WORKED
    actors = many("actors")
    schemes = many("schemes")


class BestPracticePageFactory(KnowledgePageFactory):
    class Meta:
        model = models.BestPracticePage

    title = factory.Sequence(lambda number: f"Practice {number}")
    slug = factory.Sequence(lambda number: f"practice-{number}")
    parent = factory.SubFactory(BestPracticeIndexPageFactory)
    practice = "Take owners to see a cluster that does one thing better."
    steps = "Choose one question\nPick hosts who do it well"
    payoff_domain = PayoffDomain.ECONOMIC
    evidence = many("evidence")


class SolutionPageFactory(KnowledgePageFactory):
    class Meta:
        model = models.SolutionPage

    title = factory.Sequence(lambda number: f"How is problem {number} solved?")
    slug = factory.Sequence(lambda number: f"solution-{number}")
    parent = factory.SubFactory(SolutionIndexPageFactory)
    subject = "Coal costs too much"
    problem = "Each of us buys coal alone and pays more."
    solution = factory.LazyFunction(lambda: [("paragraph", "<p>Buy together with firms that you trust.</p>")])
    schemes = many("schemes")
    resource_centres = many("resource_centres")
    initiatives = many("initiatives")
    case_studies = many("case_studies")
    best_practices = many("best_practices")
