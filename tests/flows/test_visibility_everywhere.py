"""Who may meet what, asked of every address, feed, search and mail, with things in every state.

The expectations are written down by hand beside what is made (``visibility/submissions.py``,
``visibility/knowledge_entries.py``); the rule's own code is not asked. A route that no table lists fails.
"""

from collections import defaultdict

import pytest
from django.urls import NoReverseMatch, reverse

from community.states import SubmissionState

from .visibility import third_party
from .visibility.admin_routes import DESK, EXCHANGE, SNIPPETS, snippet_name
from .visibility.own_routes import OWN
from .visibility.routes import demo_urls, routes
from .visibility.viewers import EVERYBODY, VIEWERS
from .visibility.walk import SEARCHERS, Step, Walk

pytestmark = [
    pytest.mark.django_db,  # so that there is a database for the walk; the tests themselves ask none
    pytest.mark.xdist_group("walk"),  # one process walks, not each
]

#: Routes at which somebody meets by purpose what the rule of reading forbids: by route, the viewers and the reason.
EXCUSED: dict[str, tuple[frozenset[str], str]] = {
    "outbox": (EVERYBODY, "the demonstration's mailbox shows every mail; nowhere else does it exist"),
    "outbox_mail": (EVERYBODY, "the demonstration's mailbox shows every mail; nowhere else does it exist"),
    "mails:index": (frozenset({"administrator"}), "who looks after the mails sees subjects and addresses"),
    "mails:index_results": (frozenset({"administrator"}), "who looks after the mails sees subjects and addresses"),
    "mails:inspect": (frozenset({"administrator"}), "who looks after the mails sees subjects and addresses"),
}
#: Wrote a row although it was only opened.
WRITES_WHEN_OPENED = {"/admin/account/": {"wagtailusers_userprofile"}}


def is_listed(route) -> bool:
    if route.full_name in OWN | DESK | EXCHANGE or third_party.listed_as(route.full_name):
        return True
    return any(snippet_name(route, model) in names for model, names in SNIPPETS.items())


def test_every_route_is_listed_with_how_to_call_it():
    unknown = sorted({route.full_name for route in routes(demo_urls().urlpatterns) if not is_listed(route)})
    assert not unknown, "Say in tests/flows/visibility how to call these, and what each role gets."


def test_every_listed_route_exists():
    names = {route.full_name for route in routes(demo_urls().urlpatterns)}
    assert not (OWN.keys() | DESK.keys() | EXCHANGE.keys()) - names
    assert third_party.LEAST_ROLE.keys() <= {third_party.listed_as(name) for name in names}


def test_there_is_something_in_every_state(walk):
    named = {secret.name for secret in walk.world.secrets.by_word.values()}
    for side in ("closed", "open"):
        for state in SubmissionState.values:
            assert {f"{side} {state} question: {part}" for part in ("title", "body", "tried")} <= named
            assert f"{side} {state} reply: body" in named


def steps(walk: Walk) -> list[tuple[str, str, Step]]:
    """Return every step as (viewer, address, step), the posted ones too."""
    opened = [(viewer, address, step) for (viewer, address), step in walk.opened.items()]
    return opened + [(viewer, f"POST {route}", step) for (viewer, route), step in walk.posted.items()]


def is_excused(viewer: str, step: Step) -> bool:
    viewers, _reason = EXCUSED.get(step.route, (frozenset(), ""))
    return viewer in viewers


def test_nobody_meets_anywhere_what_the_rule_forbids(walk):
    leaks = defaultdict(list)
    for viewer, address, step in steps(walk):
        if not is_excused(viewer, step):
            for name in walk.world.secrets.forbidden_to(viewer, step.found):
                leaks[f"{viewer}: {name}"].append(address)
    assert not leaks


def test_whoever_may_read_something_finds_it_where_it_belongs(walk):
    missing, looked = [], 0
    for secret in walk.world.secrets.by_word.values():
        for viewers, address in secret.shown_at:
            met = {viewer: step for viewer, step in walk.at(address).items() if viewer in viewers}
            assert met, f"{secret.name}: nobody of {sorted(viewers)} opened {address}"
            looked += len(met)
            missing += [
                f"{viewer}: {secret.name} at {address}" for viewer, step in met.items() if secret.name not in step.found
            ]
    assert not missing
    assert looked > 300


def test_members_meet_the_name_of_who_asks_with_the_body_and_visitors_only_the_title(walk):
    thread = walk.at(walk.world.released.get_absolute_url())
    named = {viewer for viewer, step in thread.items() if "name of the author" in step.found}
    assert named == {"member", "author", "moderator", "lead"}
    assert all("closed released question: title" in step.found for step in thread.values())
    assert thread.keys() == EVERYBODY


def test_something_withdrawn_is_shown_at_its_own_address_alone(walk):
    for secret in walk.world.secrets.by_word.values():
        if secret.only_at:
            shown = {
                address for _viewer, address, step in steps(walk) if step.route in OWN and secret.name in step.found
            }
            assert shown == set(secret.only_at), secret.name


def test_no_address_fails_whoever_opens_it(walk):
    assert not [(viewer, address) for viewer, address, step in steps(walk) if step.outcome.startswith("5")]


def test_opening_an_address_changes_nothing(walk):
    written = defaultdict(set)
    for step in walk.opened.values():
        if step.route in OWN | DESK | EXCHANGE:
            written[step.route] |= step.written
    assert not {
        route: tables for route, tables in written.items() if not tables <= WRITES_WHEN_OPENED.get(route, set())
    }


# Search


def test_a_search_for_a_word_that_one_may_not_read_finds_and_corrects_nothing(walk):
    secrets = walk.world.secrets
    for (viewer, text), total in walk.hits.items():
        secret = secrets.by_word.get(text)
        if secret and viewer not in secret.readers:
            assert total == 0, f"{viewer} learned from a count that {secret.name} exists"


@pytest.mark.parametrize("viewer", SEARCHERS)
def test_members_find_the_text_of_their_community_and_others_do_not(walk, viewer):
    secret = walk.world.secrets.named("closed released question: body")
    assert walk.hits[viewer, secret.word] == (1 if viewer in secret.readers else 0)


# Mail


def test_no_mail_holds_what_its_recipient_may_not_read(walk):
    # The reply went out before its question was hidden: the mail that said so named it while anybody could read it.
    hidden_since = {f"{side} question hidden with its reply: title" for side in ("closed", "open")}
    for mail in walk.world.mails:
        assert not walk.world.secrets.forbidden_to(mail.to, mail.found) - hidden_since, mail


def test_what_is_released_is_mailed_to_the_members_and_to_nobody_else(walk):
    got = {mail.to for mail in walk.world.mails if "closed released question: title" in mail.found}
    assert got == {"member", "author", "moderator", "lead"}
    in_full = {mail.to for mail in walk.world.mails if "closed released question: body" in mail.found}
    assert in_full == {"member", "moderator", "lead"}, "the author has it already"


def test_the_author_alone_is_told_why_something_was_returned_or_declined(walk):
    for state in ("returned", "declined"):
        got = [mail.to for mail in walk.world.mails if f"closed {state} question: message" in mail.found]
        assert got == ["author"]


def test_nothing_that_was_never_released_is_mailed_but_its_title_to_its_author(walk):
    authors = {"closed": "author", "open": "member"}
    for side, author in authors.items():
        mailed = frozenset().union(*(mail.found for mail in walk.world.mails if mail.to != author))
        own = frozenset().union(*(mail.found for mail in walk.world.mails if mail.to == author))
        mailed |= {name for name in own if not name.endswith(": title")}
        for state in set(SubmissionState.values) - {"released", "hidden", "returned", "declined"}:
            assert not {name for name in mailed if name.startswith(f"{side} {state} ")}


def test_the_mailbox_of_the_demonstration_shows_what_was_mailed_and_nothing_else(walk):
    mailed = frozenset().union(*(mail.found for mail in walk.world.mails))
    shown = frozenset().union(*(step.found for step in walk.opened.values() if step.route.startswith("outbox")))
    assert shown <= mailed | {"address of the author"}
    assert mailed <= shown


def test_outside_the_demonstration_there_is_no_mailbox():
    for name in ("outbox", "media"):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=["x"] if name == "media" else [])


def test_the_tables_speak_of_every_viewer(walk):
    assert {viewer for viewer, _address in walk.opened} == set(VIEWERS)
