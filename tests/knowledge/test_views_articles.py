"""Solutions, case studies, best practices and their sections."""

from datetime import timedelta

import pytest
from wagtail.models import Locale, PageViewRestriction

from knowledge.enums import Outcome, PayoffDomain
from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db

KINDS = {
    "solution": page_factories.SolutionPageFactory,
    "case": page_factories.CaseStudyPageFactory,
    "practice": page_factories.BestPracticePageFactory,
}
SECTIONS = {"solution": "/solutions/", "case": "/cases/", "practice": "/practices/"}


def page(visitor, address: str) -> str:
    response = visitor.get(address)
    assert response.status_code == 200
    return response.content.decode()


def rich(kind: str, **values):
    """Make an article with a row on every relation that its page shows."""
    own = {
        "themes": [factories.ThemeFactory()],
        "sectors": [factories.SectorFactory()],
        "states": [factories.StateFactory()],
        "sources": [factories.SourceDocumentFactory()],
        "stage": factories.StageFactory(),
    }
    return KINDS[kind](**own | values)


@pytest.mark.parametrize("kind", KINDS)
def test_an_article_names_terms_sources_and_the_age_of_its_facts(visitor, kind):
    article = rich(kind)
    content = page(visitor, article.url)
    for theme in article.themes.all():
        assert theme.get_absolute_url() in content
    for term in (*article.sectors.all(), *article.states.all(), article.stage):
        assert term.name in content
    assert "Paper on clusters" in content
    assert "Facts of 2007, not verified since" in content
    assert "Cite as:" in content
    assert SECTIONS[kind] in content


@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawn_article_stays_says_so_and_points_to_its_successor(visitor, kind):
    successor = KINDS[kind]()
    article = rich(kind, withdrawn=True, successor=successor)
    content = page(visitor, article.url)
    assert "This was withdrawn" in content
    assert "Replaced by another." in content
    assert successor.url in content
    assert '<meta name="robots" content="noindex">' in content


def preview(article) -> str:
    response = article.make_preview_request()
    assert response.status_code == 200
    return response.render().content.decode()


def test_a_solution_shows_its_parts_in_order():
    article = page_factories.SolutionPageFactory(
        draft=True,  # the quote is a sample: a page that goes live may quote released replies only
        solution=[
            ("paragraph", "<p>First of all.</p>"),
            ("step", {"title": "Find partners", "text": "<p>Ask around.</p>"}),
            ("step", {"title": "Buy together", "text": ""}),
        ],
        experiences=[
            ("quote", {"text": "It worked here.", "reply": 7, "revision": 9, "attribution": "Agent, Konkan"}),
            ("experience", {"place": "Kudal", "who": "7 owners", "result": "58 tonnes", "outcome": Outcome.WORKED}),
        ],
        contributors=[("contributor", {"name": "Bank officer", "place": "Pune", "part": "replied", "count": 2})],
        what_it_needs="Three lakh.",
        limits="Not for savings groups.",
        editor_note="Ask two banks.",
    )
    content = preview(article)
    parts = ["Each of us buys coal", "First of all.", "Find partners", "Buy together", "It worked here.", "Kudal"]
    parts += ["Three lakh.", "Not for savings groups.", "Ask two banks."]
    places = [content.index(part) for part in parts]
    assert places == sorted(places)
    assert "Bank officer" in content
    assert "2 messages" in content
    assert content.count('<ol class="steps prose">') == 1


def test_a_case_that_failed_says_so_and_shows_its_figures(visitor):
    cluster = factories.ClusterFactory()
    case = page_factories.CaseStudyPageFactory(
        outcome=Outcome.FAILED,
        cluster=cluster,
        figures=[("figure", {"label": "Coke saved", "value": "742.93", "unit": "tonnes a year"})],
        pitfalls="Nobody agreed\nThe money came late",
    )
    content = page(visitor, case.url)
    assert "Did not work" in content
    assert "742.93" in content
    assert "The money came late" in content
    assert cluster.get_absolute_url() in content
    assert case.url in page(visitor, cluster.get_absolute_url())


def test_articles_and_what_they_rely_on_lead_to_each_other(visitor):
    case, scheme = page_factories.CaseStudyPageFactory(), factories.SchemeFactory()
    practice = page_factories.BestPracticePageFactory(evidence=[case])
    solution = page_factories.SolutionPageFactory(schemes=[scheme], case_studies=[case], best_practices=[practice])
    question = factories.FrequentQuestionFactory(solution=solution)
    content = page(visitor, solution.url)
    for address in (case.url, practice.url, scheme.get_absolute_url(), question.get_absolute_url()):
        assert address in content
    for address in (case.url, practice.url, scheme.get_absolute_url()):
        assert solution.url in page(visitor, address)
    assert practice.url in page(visitor, case.url)


def test_an_article_never_names_a_page_that_is_not_public(visitor):
    hidden = page_factories.CaseStudyPageFactory(title="Behind a password")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    drafted = page_factories.CaseStudyPageFactory(title="Still a draft", draft=True)
    withdrawn = page_factories.CaseStudyPageFactory(title="Taken back", withdrawn=True)
    solution = page_factories.SolutionPageFactory(case_studies=[hidden, drafted, withdrawn])
    content = page(visitor, solution.url)
    assert "Behind a password" not in content
    assert "Still a draft" not in content
    assert "Taken back" not in content


@pytest.mark.parametrize("kind", KINDS)
def test_an_article_costs_the_same_for_few_and_many_relations(queries_of, kind):
    article = rich(kind)

    def relate() -> None:
        article.sources.add(factories.SourceDocumentFactory())
        article.themes.add(factories.ThemeFactory())
        if kind == "solution":
            article.schemes.add(factories.SchemeFactory())
            article.case_studies.add(page_factories.CaseStudyPageFactory(states=[factories.StateFactory()]))
            factories.FrequentQuestionFactory(solution=article)
        elif kind == "case":
            article.actors.add(factories.InstitutionFactory())
            page_factories.SolutionPageFactory(case_studies=[article])
        else:
            article.evidence.add(page_factories.CaseStudyPageFactory())
            page_factories.SolutionPageFactory(best_practices=[article])
        article.save()

    for _each in range(2):
        relate()
    few = queries_of(article.url)
    for _each in range(10):
        relate()
    assert queries_of(article.url) == few <= 15


@pytest.mark.parametrize("kind", KINDS)
def test_a_section_costs_the_same_for_few_and_many(queries_of, kind):
    for _each in range(2):
        rich(kind)
    few = queries_of(SECTIONS[kind])
    for _each in range(10):
        rich(kind)
    assert queries_of(SECTIONS[kind]) == few <= 15


@pytest.mark.parametrize("kind", KINDS)
def test_a_section_lists_current_articles_only(visitor, kind):
    KINDS[kind](title="Standing and public")
    KINDS[kind](title="Still a draft", draft=True)
    KINDS[kind](title="Taken back", withdrawn=True)
    hidden = KINDS[kind](title="Behind a password")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    content = page(visitor, SECTIONS[kind])
    assert "Standing and public" in content
    assert "Still a draft" not in content
    assert "Taken back" not in content
    assert "Behind a password" not in content


def test_a_section_is_narrowed_by_outcome_and_by_payoff(visitor):
    page_factories.CaseStudyPageFactory(title="It went well", outcome=Outcome.WORKED)
    page_factories.CaseStudyPageFactory(title="It went badly", outcome=Outcome.FAILED)
    content = page(visitor, "/cases/?outcome=failed")
    assert "It went badly" in content
    assert "It went well" not in content
    page_factories.BestPracticePageFactory(title="For the firm", payoff_domain=PayoffDomain.ECONOMIC)
    page_factories.BestPracticePageFactory(title="For the river", payoff_domain=PayoffDomain.SOCIAL)
    assert "For the firm" not in page(visitor, "/practices/?payoff=social")


def test_a_section_shows_the_newest_first_unless_asked_otherwise(visitor):
    page_factories.SolutionPageFactory(title="Older", first_published_at=factories.NOW - timedelta(days=9))
    page_factories.SolutionPageFactory(title="Newer", first_published_at=factories.NOW - timedelta(days=1))
    content = page(visitor, "/solutions/")
    assert content.index("Newer") < content.index("Older")
    content = page(visitor, "/solutions/?sort=title")
    assert content.index("Newer") < content.index("Older")


@pytest.mark.parametrize("query", ["page=x", "page=9999", "theme=%00", "outcome=%F0", "sort=;drop", "page=-3"])
def test_a_strange_address_shows_a_section_all_the_same(visitor, query):
    page_factories.CaseStudyPageFactory()
    assert "Case" in page(visitor, f"/cases/?{query}")


def test_an_empty_section_offers_to_ask(visitor):
    page_factories.SolutionIndexPageFactory()
    assert "Nothing is listed here yet" in page(visitor, "/solutions/")


def test_a_visitor_of_articles_gets_no_cookie(visitor):
    for kind, factory in KINDS.items():
        assert not visitor.get(factory().url).cookies
        assert not visitor.get(SECTIONS[kind]).cookies


def test_a_plain_page_shows_its_text(visitor):
    assert "Some words." in page(visitor, page_factories.InfoPageFactory().url)


def test_lists_of_a_reader_in_hindi_show_the_translation_and_not_both(visitor):
    theme = factories.ThemeFactory()
    english = page_factories.SolutionPageFactory(title="Buy as one", themes=[theme])
    page_factories.SolutionPageFactory(title="Only in English", themes=[theme])
    hindi = Locale.objects.create(language_code="hi")
    translated = english.copy_for_translation(hindi, copy_parents=True)
    translated.title = "मिलकर ख़रीदें"
    translated.save_revision().publish()
    address = theme.get_absolute_url()
    content = page(visitor, f"/hi{address}")
    assert "मिलकर ख़रीदें" in content
    assert "Buy as one" not in content
    assert "Only in English" in content
    content = page(visitor, address)
    assert "Buy as one" in content
    assert "मिलकर" not in content


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_with_unsaved_relations_can_be_previewed(kind):
    article = rich(kind)
    article.themes.add(factories.ThemeFactory(name="Chosen a moment ago"))
    if kind == "solution":
        article.schemes.add(factories.SchemeFactory(name="Scheme chosen a moment ago"))
    assert "Chosen a moment ago" in preview(article)
