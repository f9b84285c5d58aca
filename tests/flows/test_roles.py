"""What each role gets at each address, by its name: the tables of ``visibility`` against what the walk got."""

import pytest

from .visibility.admin_routes import ACTING, DESK, EXCHANGE, SNIPPETS, line, snippet_name, viewers_of
from .visibility.own_routes import OWN
from .visibility.routes import demo_urls, routes
from .visibility.third_party import LADDER, LEAST_ROLE, NOBODY, listed_as

pytestmark = [
    pytest.mark.django_db,  # so that there is a database for the walk; the tests themselves ask none
    pytest.mark.xdist_group("walk"),  # one process walks, not each
]

ROWS = OWN | DESK | EXCHANGE


@pytest.mark.parametrize("name", ROWS)
def test_an_address_of_ours_gives_each_role_what_the_table_says(walk, name):
    got = {viewer: step.outcome for viewer, step in walk.at(walk.first[name]).items()}
    assert got == ROWS[name].get


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.post is not None])
def test_sending_to_an_address_of_ours_gives_each_role_what_the_table_says(walk, name):
    got = {viewer: step.outcome for (viewer, route), step in walk.posted.items() if route == name}
    assert got == ROWS[name].post


@pytest.mark.parametrize("model", SNIPPETS, ids=lambda model: model.__name__)
def test_a_list_of_the_admin_gives_each_role_what_the_table_says(walk, model):
    expected, got = {}, {}
    for route in routes(demo_urls().urlpatterns):
        if (key := snippet_name(route, model)) is not None:
            outcomes = line(SNIPPETS[model][key])
            expected[key] = {viewer: outcomes[viewer] for viewer in viewers_of(model)}
            got[key] = {viewer: step.outcome for viewer, step in walk.at(walk.first[route.full_name]).items()}
    assert got == expected
    assert got.keys() == SNIPPETS[model].keys()


@pytest.mark.parametrize("model", SNIPPETS, ids=lambda model: model.__name__)
def test_whom_a_page_of_the_admin_refuses_its_sending_refuses_too(walk, model):
    for route in routes(demo_urls().urlpatterns):
        key = snippet_name(route, model)
        if key not in ACTING:
            continue
        for viewer, outcome in line(SNIPPETS[model][key]).items():
            if viewer in viewers_of(model) and outcome not in ("200", "405"):
                assert walk.posted[viewer, route.full_name].outcome == outcome, (viewer, key)


@pytest.mark.parametrize("listed", LEAST_ROLE)
def test_what_comes_with_wagtail_and_allauth_opens_from_the_least_role_up(walk, listed):
    least = LEAST_ROLE[listed]
    entering = () if least == NOBODY else LADDER[LADDER.index(least) :]
    steps = [(viewer, step) for (viewer, _address), step in walk.opened.items() if listed_as(step.route) == listed]
    assert {viewer for viewer, step in steps if step.outcome == "200"} == set(entering)
