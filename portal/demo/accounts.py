"""Who may sign in to the demonstration: one account for each role, all with one password."""

from dataclasses import dataclass

from community.enums import Occupation, Role

#: Printed when the demonstration starts; nothing but this machine can reach it.
PASSWORD = "cluster-exchange"  # noqa: S105 - public on purpose

_COMMUNITY = "responsible-clusters"
_OTHER_COMMUNITY = "enterprise-and-markets"


@dataclass(frozen=True)
class DemoAccount:
    """A role, where it acts and what is worth trying with it first.

    ``community`` and ``institution`` are slugs of the starting content, ``group`` is the name of a group.
    """

    email: str
    name: str
    try_first: str
    community: str = ""
    role: str = Role.MEMBER
    occupation: str = Occupation.CDA
    institution: str = ""
    group: str = ""
    is_administrator: bool = False


ACCOUNTS = (
    DemoAccount(
        "member@example.invalid",
        "Member",
        "ask a question at /ask/, then watch /outbox/",
        community=_COMMUNITY,
    ),
    DemoAccount(
        "other@example.invalid",
        "Member of another community",
        "open the same question: only its title is readable",
        community=_OTHER_COMMUNITY,
        occupation=Occupation.ASSOCIATION_OFFICER,
    ),
    DemoAccount(
        "moderator@example.invalid",
        "Moderator",
        "decide what waits at /admin/, undo within 30 seconds, compile an answer",
        community=_COMMUNITY,
        role=Role.MODERATOR,
        occupation=Occupation.EXPERT,
    ),
    DemoAccount(
        "second@example.invalid",
        "Second moderator",
        "approve what the other one compiled",
        community=_COMMUNITY,
        role=Role.MODERATOR,
        occupation=Occupation.EXPERT,
    ),
    DemoAccount(
        "lead@example.invalid",
        "Lead",
        "edit the community and the roles in it",
        community=_COMMUNITY,
        role=Role.LEAD,
        occupation=Occupation.RESEARCHER,
    ),
    DemoAccount(
        "editor@example.invalid",
        "Editor",
        "change a page, a scheme or a theme at /admin/",
        group="Editors",
        occupation=Occupation.OTHER,
    ),
    DemoAccount(
        "officer@example.invalid",
        "Officer of an institution",
        "post an update of one of SIDBI's schemes at /admin/",
        institution="sidbi",
        occupation=Occupation.OFFICIAL,
    ),
    DemoAccount(
        "admin@example.invalid",
        "Administrator",
        "everything",
        is_administrator=True,
        occupation=Occupation.OTHER,
    ),
)
