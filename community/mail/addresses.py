"""Names of mails and signed addresses: Message-IDs, thread roots, List-Ids, unsubscribe links."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

from community.models import Community, Membership

_UNSUBSCRIBE_SALT = "community.unsubscribe"
#: The page on how moderation works: what stands where a community has written no rules of its own.
_GENERAL_RULES = "/moderation/"


def host() -> str:
    """Return the host that Message-IDs and List-Ids carry: that of BASE_URL."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def absolute(path: str) -> str:
    """Return the whole address of a path of the portal. Links in mails never follow a Host header."""
    return settings.BASE_URL.rstrip("/") + path


def rule_address(rule_link: str, community: Community) -> str:
    """Return the whole address of the rule that a reason names, in the language that is active now.

    A reason that names none is about the rules of the community, or those of the exchange where it has none.
    """
    if rule_link.startswith(("https://", "http://")):
        return rule_link
    if rule_link.startswith("#"):
        return absolute(community.get_absolute_url() + rule_link)
    if not rule_link and community.rules:
        return absolute(f"{community.get_absolute_url()}#rules")
    home = reverse("community_list").removesuffix("/communities/")
    path = rule_link or _GENERAL_RULES
    return absolute(path if path.startswith(f"{home}/") else home + path)


def message_id(key: str) -> str:
    """Return the Message-ID of the envelope ``key``: always the same, so that a second copy collapses in clients."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host()}>"


def thread_root(question_id: int) -> str:
    """Return the id under which all mails of a question gather; no mail carries it as its own."""
    return f"<question.{question_id}@{host()}>"


def list_id(community: Community) -> str:
    """Return the value of List-Id for a community."""
    return f"{community.slug}.{host()}"


def unsubscribe_token(membership: Membership) -> str:
    """Return the signed word that stops the mails of exactly this membership. It does not expire."""
    return signing.dumps({"membership": membership.pk}, salt=_UNSUBSCRIBE_SALT, compress=False)


def membership_of_token(token: str) -> Membership | None:
    """Return the membership that ``token`` stands for, or None where it was not signed by us."""
    try:
        claims = signing.loads(token, salt=_UNSUBSCRIBE_SALT)
    except signing.BadSignature:
        return None
    return Membership.objects.select_related("member", "community").filter(pk=claims.get("membership")).first()


def unsubscribe_url(membership: Membership) -> str:
    """Return the whole address of the page and of the one-click POST (RFC 8058) for a membership."""
    return absolute(reverse("unsubscribe", args=[unsubscribe_token(membership)]))
