"""Sample pages: each stands below its section, below the home page of the default site."""

import factory
import wagtail_factories
from wagtail.models import Locale, Page, Site

from knowledge import models
from knowledge.enums import Outcome, PayoffDomain

from .knowledge import PublishedFactory, many


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


class KnowledgePageFactory(PublishedFactory, wagtail_factories.PageFactory):
    """A published article under its section."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    summary = "One sentence on what helps."
    sectors = many("sectors")
    states = many("states")


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
