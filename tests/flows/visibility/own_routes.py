"""Every address outside the admin that is ours, with how to call it and what each role gets."""

from datetime import timedelta

from community.forms.tokens import new_token
from community.mail.addresses import unsubscribe_token
from community.models import Envelope, FlagReport, Membership, Question
from knowledge import models

from .markers import COMMON_WORD
from .rules import ACCOUNTS, ANYBODY, NOBODY, READING_ONLY, Arguments, Row, members, only, staff, who
from .viewers import DECIDING, INSIDE, PROFILED, SIGNED_IN, STAFF
from .world import World


def _slugs(model: type, first: str) -> Arguments:
    """Call with the slug of the row named ``first``, then with those of all, drafts too."""

    def targets(world: World) -> list[tuple]:
        named = model.objects.get(name=first).slug
        return [(named,), *((slug,) for slug in model.objects.values_list("slug", flat=True) if slug != named)]

    return targets


def _questions(world: World) -> list[tuple]:
    first = world.released.slug
    others = Question.objects.exclude(slug=None).exclude(slug=first).values_list("slug", flat=True)
    return [(first,), *((slug,) for slug in others)]


def _one_question(world: World) -> list[tuple]:
    hidden = world.submissions["closed hidden question"]
    return [(world.released.slug,), (hidden.slug,)]


def _communities(world: World) -> list[tuple]:
    return [(community.slug,) for community in (world.closed, world.open, world.elsewhere)]


def _submissions(world: World) -> list[tuple]:
    first = world.submissions["closed pending question"].pk
    return [(first,), *((each.pk,) for each in world.submissions.values() if each.pk != first)]


def _waiting(world: World) -> list[tuple]:
    return [(world.submissions["closed pending question"].pk,)]


def _report(world: World) -> list[tuple]:
    return [(FlagReport.objects.get(flag=world.submissions["report pending"]).pk,)]


def _membership(world: World) -> list[tuple]:
    return [(unsubscribe_token(Membership.objects.get(member=world.users["author"].member, community=world.closed)),)]


def _mails(world: World) -> list[tuple]:
    return [(pk,) for pk in Envelope.objects.values_list("pk", flat=True)]


def _pages(world: World) -> list[tuple]:
    """Call with every address of the page tree, drafts and private pages too."""
    parts = [page.get_url_parts() for page in models.HomePage.objects.get().get_descendants(inclusive=True).specific()]
    return sorted({(parts[2].lstrip("/"),) for parts in parts if parts})


def _answer(world: World, viewer: str) -> dict:
    user = world.users[viewer]
    token = new_token(user.member) if viewer in PROFILED else ""
    return {"body": "We built a tank of brick.", "reply_kind": "experience", "form_token": token}


def _question(world: World, viewer: str) -> dict:
    """Return a question whose title is answered already: the page suggests before it files."""
    user = world.users[viewer]
    token = new_token(user.member) if viewer in PROFILED else ""
    title = f"{COMMON_WORD} {COMMON_WORD} {COMMON_WORD}"
    return {"title": title, "body": "Forty dyers share it.", "themes": [world.theme.slug], "form_token": token}


def _open_question(world: World) -> list[tuple]:
    return [(world.released.slug,)]


def _extend(world: World, viewer: str) -> dict:
    question = Question.objects.get(pk=world.released.pk)
    until = question.closes_at.date() + timedelta(days=5)
    return {"action": "extend", "version": question.thread_version, "until": until.isoformat(), "note": "A fair."}


def _use(world: World, viewer: str) -> dict:
    return {"reply": world.submissions["closed released reply"].pk, "mark": "used", "line": ""}


def _version(world: World, viewer: str) -> dict:
    return {"version": world.submissions["closed pending question"].version}


#: Where what a page shows depends on entry to the admin and on communities only in its frame.
FEW = ("visitor", "author", "other moderator", "editor")

#: Who is signed in and has no entry is told so, instead of being sent round in circles.
NOT_STAFF = only(SIGNED_IN - STAFF, "403", who("login"))
OWN_REPORT = only(frozenset({"member"}), "on", members("404"))
OWN_POST = only(frozenset({"author"}), "on", members("404"))

#: By the name of the address.
OWN: dict[str, Row] = {
    # Doors for machines
    "healthz": Row(ANYBODY, READING_ONLY),
    "readyz": Row(ANYBODY, READING_ONLY),
    "metrics": Row(NOBODY, READING_ONLY),
    "sitemap": Row(ANYBODY),
    "robots": Row(ANYBODY),
    "wagtail_serve": Row(ANYBODY, targets=_pages, searchers=FEW),
    # Searching
    "search": Row(ANYBODY, READING_ONLY, queries=(f"?q={COMMON_WORD}", "?kind=question", "?theme=water")),
    "search_feed": Row(ANYBODY, READING_ONLY, queries=(f"?q={COMMON_WORD}", "?kind=question")),
    "search_suggest": Row(
        ANYBODY, READING_ONLY, queries=(f"?q={COMMON_WORD}&limit=10", f"?q={COMMON_WORD}&format=json&kind=question")
    ),
    # Asking and answering
    "ask": Row(only(frozenset({"visitor"}), "200", members("200")), members("200"), sent=_question),
    "ask_similar": Row(members("200"), READING_ONLY, queries=(f"?q={COMMON_WORD}+{COMMON_WORD}",)),
    "question_list": Row(ANYBODY, READING_ONLY, queries=(f"?q={COMMON_WORD}", "?sort=needed", "?life=compiled")),
    "question_detail": Row(ANYBODY, READING_ONLY, targets=_questions),
    "reply": Row(members("on"), only(INSIDE, "on", members("403")), targets=_one_question, sent=_answer),
    "report": Row(
        only(INSIDE, "200", members("404")),
        only(frozenset({"author"}), "403", only(INSIDE, "on", members("404"))),
        targets=_one_question,
        sent=lambda world, viewer: {"why": "harmful"},
    ),
    "me_too": Row(members("on"), members("on"), targets=_one_question),
    # Whoever reads the title may press; the domain says to all but moderators that they may not.
    "thread_act": Row(members("on"), only(DECIDING, "on", members("403")), targets=_open_question, sent=_extend),
    "reply_use": Row(members("on"), members("on"), targets=_one_question, sent=_use),
    "community_list": Row(ANYBODY, READING_ONLY),
    "moderation_figures": Row(ANYBODY, READING_ONLY, queries=("?community=no-such",)),
    "community_detail": Row(ANYBODY, READING_ONLY, targets=_communities),
    "community_join": Row(members("on"), members("on"), targets=_communities),
    "community_leave": Row(members("on"), members("on"), targets=_communities),
    # One's own
    "my": Row(members("200"), READING_ONLY),
    "my_submission": Row(
        only(frozenset({"author"}), "200", members("404")),
        only(frozenset({"author"}), "200", members("404")),
        targets=_submissions,
        searchers=("author", "member", "moderator", "other member"),
    ),
    "my_submission_withdraw": Row(OWN_POST, OWN_POST, targets=_waiting, sent=_version),
    # Without a text the form comes back with its error.
    "my_submission_appeal": Row(
        OWN_POST, only(frozenset({"author"}), "200", members("404")), targets=_waiting, sent=_version
    ),
    "my_suspension": Row(
        only(frozenset({"author"}), "200", members("404")),
        only(frozenset({"author"}), "200", members("404")),
        targets=lambda world: [(world.users["author"].member.suspensions.get().pk,)],
    ),
    "my_draft_drop": Row(members("on"), members("on"), targets=lambda world: [("no-such-draft",)]),
    "my_reports": Row(members("200"), READING_ONLY),
    "my_report_withdraw": Row(OWN_REPORT, OWN_REPORT, targets=_report),
    "my_subscriptions": Row(members("200"), members("on")),
    "my_deliveries": Row(members("200"), READING_ONLY),
    "my_profile": Row(ACCOUNTS, ACCOUNTS),
    "my_leave": Row(members("200"), members("on")),
    # Who wrote in the open community is met by everybody with a profile.
    "member_detail": Row(
        members("200"), READING_ONLY, targets=lambda world: [(world.users["member"].member.slug,), ("nobody",)]
    ),
    # Without the confirmed address the button is refused.
    "invitation": Row(
        ANYBODY,
        only(frozenset({"member"}), "on", members("403")),
        targets=lambda world: [(world.invitation_secret,), ("forged",)],
    ),
    "unsubscribe": Row(ANYBODY, ANYBODY, targets=_membership),
    # What is known
    "theme_list": Row(ANYBODY),
    "theme_detail": Row(ANYBODY, targets=_slugs(models.Theme, "Water"), searchers=FEW),
    "scheme_list": Row(ANYBODY, queries=("?q=draft",)),
    "scheme_updates": Row(ANYBODY),
    "scheme_updates_feed": Row(ANYBODY),
    "scheme_detail": Row(ANYBODY, targets=_slugs(models.Scheme, "Open scheme"), searchers=FEW),
    "centre_list": Row(ANYBODY),
    "centre_detail": Row(ANYBODY, targets=_slugs(models.ResourceCentre, "Centre of a draft"), searchers=FEW),
    "initiative_list": Row(ANYBODY),
    "initiative_detail": Row(ANYBODY, targets=_slugs(models.Initiative, "Open initiative"), searchers=FEW),
    "cluster_list": Row(ANYBODY),
    "cluster_detail": Row(ANYBODY, targets=_slugs(models.Cluster, "Open cluster"), searchers=FEW),
    "institution_list": Row(ANYBODY),
    "institution_detail": Row(ANYBODY, targets=_slugs(models.Institution, "Ministry of the officer"), searchers=FEW),
    "glossary": Row(ANYBODY),
    "faq": Row(ANYBODY),
    "definitions": Row(ANYBODY),
    "links": Row(ANYBODY),
    "publications": Row(ANYBODY),
    "statistics": Row(ANYBODY),
    "reference_lists": Row(ANYBODY),
    "solutions_feed": Row(ANYBODY),
    # The demonstration's mailbox
    "outbox": Row(ANYBODY, READING_ONLY),
    "outbox_mail": Row(ANYBODY, READING_ONLY, targets=_mails, searchers=("visitor",)),
    "media": Row(NOBODY, READING_ONLY, targets=lambda world: [("nothing.txt",)]),
    # Doors of the admin that lead to allauth's
    "/admin/login/": Row(NOT_STAFF),
    "/admin/logout/": Row(who("200", visitor="on")),
    "/admin/account/": Row(staff("200")),
    "/admin/failwhale/": Row(NOBODY),
    "/_util/login/": Row(NOT_STAFF),
}
