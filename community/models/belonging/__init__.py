"""How people come to belong to a community, and what changed since."""

from .changes import MembershipChange
from .invitations import Invitation

__all__ = ["Invitation", "MembershipChange"]
