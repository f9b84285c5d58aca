"""Closed lists that the code itself depends on; lists that editors keep are rows of ``knowledge.models.terms``."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """How far a body or a scheme reaches."""

    INTERNATIONAL = "international", _("International")
    NATIONAL = "national", _("National")
    CENTRAL = "central", _("Central government")
    REGIONAL = "regional", _("Regional")
    STATE = "state", _("State")
    CLUSTER = "cluster", _("Cluster")
    OTHER = "other", _("Other")


class Outcome(TextChoices):
    """What the source shows of a case, not what happened later."""

    WORKED = "worked", _("Worked")
    PARTLY = "partly", _("Worked in part")
    FAILED = "failed", _("Did not work")
    UNKNOWN = "unknown", _("Outcome not reported")


class PayoffDomain(TextChoices):
    """Whom a practice pays."""

    ECONOMIC = "economic", _("Pays the firm")
    OVERLAP = "overlap", _("Pays the firm and helps people or nature")
    SOCIAL = "social", _("Helps people or nature; pays the firm late or not at all")


class SchemeStatus(TextChoices):
    """What is known of a scheme's present state."""

    UNVERIFIED = "unverified", _("Unverified")
    CONFIRMED = "confirmed", _("Confirmed")
    CHANGED = "changed", _("Changed")
    CLOSED = "closed", _("Closed")
    HISTORIC = "historic", _("Historic")


class InitiativeStatus(TextChoices):
    """State of an initiative in the year of its source."""

    ACTIVE_THEN = "active-then", _("Running in the source year")
    COMPLETED = "completed", _("Completed")
    REPORTED = "reported", _("As reported in the source year")
    UNKNOWN = "unknown", _("Not known")


class CentreStatus(TextChoices):
    """Whether a resource centre stands, is being built up, or was proposed."""

    EXISTING = "existing", _("Existing")
    GROOMED = "groomed", _("Being built up")
    PROPOSED = "proposed", _("Proposed")


class LinkKind(TextChoices):
    INSTITUTION = "institution", _("Institution")
    KNOWLEDGE = "knowledge", _("Knowledge")
    REFERENCE = "reference", _("Reference")
    SCHEME = "scheme", _("Scheme")


class LinkStatus(TextChoices):
    UNCHECKED = "unchecked", _("Not checked")
    WORKS = "works", _("Works")
    BROKEN = "broken", _("Broken")


class DefinitionKind(TextChoices):
    RULE = "rule", _("Rule")
    DESCRIPTION = "description", _("Description")
    EXCLUSION = "exclusion", _("Exclusion")
