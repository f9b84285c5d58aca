"""Members, communities and who belongs to them."""

from . import invitations
from .memberships import change_delivery, join, leave, remove, stop_mail
from .profiles import anonymise, change_profile, register_member
from .roles import MODERATORS_GROUP, change_role, refresh_moderators_group, step_down

__all__ = [
    "MODERATORS_GROUP",
    "anonymise",
    "change_delivery",
    "change_profile",
    "change_role",
    "invitations",
    "join",
    "leave",
    "refresh_moderators_group",
    "register_member",
    "remove",
    "step_down",
    "stop_mail",
]
