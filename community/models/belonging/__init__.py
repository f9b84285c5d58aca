"""How people come to belong to a community, and what changed since."""

from .changes import MembershipChange

__all__ = ["MembershipChange"]
