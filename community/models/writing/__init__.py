"""What members have typed and not sent, and what they were shown before they asked."""

from .drafts import Draft, DraftKind
from .kept_forms import KeptForm
from .suggested import Suggested

__all__ = ["Draft", "DraftKind", "KeptForm", "Suggested"]
