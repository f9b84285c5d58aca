"""What members send in: one table for the moderation of every kind, and its revisions."""

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.enums import LeaseKind, SubmissionKind
from community.states import SubmissionState

from .communities import Community, Membership
from .members import Member


def _holder_moderates() -> Exists:
    holder, community = OuterRef("lease_holder_id"), OuterRef("community_id")
    return Exists(Membership.objects.moderating().filter(member_id=holder, community_id=community))


class SubmissionQuerySet(models.QuerySet):
    def waiting(self) -> "SubmissionQuerySet":
        """Return what waits for a moderator, in the order of the queue: due soonest, then oldest."""
        return self.filter(state=SubmissionState.PENDING).order_by("due_at", "pk")

    def yours_first(self, member: Member | None, now) -> "SubmissionQuerySet":
        """Return the same with what comes back to ``member`` in front: a hint of the order, which locks nobody out."""
        comes_back = When(preferred_moderator=member, preferred_until__gt=now, then=0)
        return self.order_by(Case(comes_back, default=1), "due_at", "pk") if member else self

    def free_for(self, member: Member | None, now) -> "SubmissionQuerySet":
        """Return what nobody but ``member`` holds at ``now``; who moderates the community no more holds nothing."""
        free = Q(lease_holder=None) | Q(lease_until__lte=now) | ~_holder_moderates()
        return self.filter(free if member is None else free | Q(lease_holder=member))

    def with_holding(self, now) -> "SubmissionQuerySet":
        """Return the rows with ``is_held``: whether somebody holds them at ``now``."""
        held = Q(lease_until__gt=now) & Q(_holder_moderates())
        return self.annotate(is_held=ExpressionWrapper(held, output_field=models.BooleanField()))

    def held_by(self, member: Member, now) -> "SubmissionQuerySet":
        """Return what ``member`` holds at ``now``."""
        return self.filter(lease_holder=member, lease_until__gt=now)

    def not_involving(self, member: Member | None) -> "SubmissionQuerySet":
        """Return the rows without the reports in which ``member`` has a part: they name who reported."""
        from .moderation.flags import Flag  # a kind of submission itself

        own = Flag.objects.filter(pk=OuterRef("pk")).involving(member)
        return self.exclude(Q(kind=SubmissionKind.FLAG) & Exists(own)) if member else self

    def due_for_release(self, now) -> "SubmissionQuerySet":
        """Return what was approved and whose hold is over at ``now``."""
        return self.filter(state=SubmissionState.APPROVED, release_at__lte=now).order_by("release_at", "pk")

    def released(self) -> "SubmissionQuerySet":
        """Return what readers may see, each as far as its audience goes."""
        return self.filter(state=SubmissionState.RELEASED)


class Submission(models.Model):
    """The moderated side of a question, a reply and every later kind.

    ``version`` grows with each change and is compared by each action, so that of two moderators one decides
    and the other is told. ``revision`` is the newest text, ``released_revision`` the one that readers see.
    ``form_token`` names the form it came from, so that one sent twice is stored once. ``open_key`` names what there
    may be only one open of, such as the case of a message; what is decided has none.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=SubmissionKind, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="submissions", verbose_name=_("community"))
    author = models.ForeignKey(Member, models.PROTECT, related_name="submissions", verbose_name=_("author"))
    state = models.CharField(
        pgettext_lazy("of an item", "state"),
        max_length=20,
        choices=SubmissionState,
        default=SubmissionState.DRAFT,
        editable=False,
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    revision = models.ForeignKey(
        "community.Revision", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("text")
    )
    released_revision = models.ForeignKey(
        "community.Revision", models.PROTECT, null=True, editable=False, related_name="+"
    )
    form_token = models.CharField(max_length=64, null=True, editable=False, unique=True)
    open_key = models.CharField(max_length=80, null=True, editable=False)
    submitted_at = models.DateTimeField(_("sent in at"), null=True, editable=False)
    due_at = models.DateTimeField(_("to be decided by"), null=True, editable=False)
    release_at = models.DateTimeField(_("goes out at"), null=True, editable=False)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    lease_holder = models.ForeignKey(Member, models.SET_NULL, null=True, editable=False, related_name="leases")
    lease_kind = models.CharField(max_length=10, choices=LeaseKind, default="", db_default="", editable=False)
    leased_at = models.DateTimeField(_("held since"), null=True, editable=False)
    lease_until = models.DateTimeField(_("held until"), null=True, editable=False)
    seconds_allowed = models.PositiveIntegerField(_("working time to decide"), null=True, editable=False)
    seconds_used = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    clock_started_at = models.DateTimeField(_("clock runs since"), null=True, editable=False)
    half_due_at = models.DateTimeField(_("half of the time is over at"), null=True, editable=False)
    long_overdue_at = models.DateTimeField(_("long overdue at"), null=True, editable=False)
    escalation_level = models.PositiveSmallIntegerField(default=0, editable=False)
    escalate_at = models.DateTimeField(_("next escalation at"), null=True, editable=False)
    returned_at = models.DateTimeField(_("returned at"), null=True, editable=False)
    reminder_step = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    remind_at = models.DateTimeField(_("next reminder at"), null=True, editable=False)
    preferred_moderator = models.ForeignKey(Member, models.SET_NULL, null=True, editable=False, related_name="+")
    preferred_until = models.DateTimeField(_("first theirs until"), null=True, editable=False)
    held_because = models.JSONField(_("held because"), default=list, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="submission_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[SubmissionState.RELEASED, SubmissionState.HIDDEN])
                | Q(released_revision__isnull=False, released_at__isnull=False),
                name="submission_released_has_text_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.APPROVED) | Q(release_at__isnull=False),
                name="submission_approved_has_release_time",
            ),
            models.UniqueConstraint(
                fields=["open_key"], condition=Q(open_key__isnull=False), name="submission_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="pending"), name="submission_queue"),
            models.Index(
                fields=["community", "due_at", "id"], condition=Q(state="pending"), name="submission_community_queue"
            ),
            models.Index(fields=["community"], condition=Q(state="hidden"), name="submission_hidden"),
            models.Index(fields=["escalate_at", "id"], condition=Q(state="pending"), name="submission_to_escalate"),
            models.Index(fields=["remind_at", "id"], condition=Q(state="returned"), name="submission_to_remind"),
            models.Index(fields=["release_at", "id"], condition=Q(state="approved"), name="submission_release_due"),
            models.Index(fields=["author", "-submitted_at"], name="submission_by_author"),
            models.Index(
                fields=["author", "-released_at", "-id"], condition=Q(state="released"), name="submission_of_member"
            ),
            models.Index(fields=["-released_at", "-id"], condition=Q(state="released"), name="submission_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def concrete(self) -> "Submission":
        """Return the question, reply or whatever else this is: each kind's row is reached as ``as_<kind>``."""
        return self if type(self) is not Submission else getattr(self, f"as_{self.kind}")

    @property
    def thread(self) -> "Submission | None":
        """Return the question whose thread this is about; None where it is about none."""
        own = self.concrete
        return None if own is self else own.thread

    @property
    def own_title(self) -> str:
        """Return what its author calls it, as far as the author may know of it."""
        own = self.concrete
        return str(self.get_kind_display()) if own is self else own.own_title

    @property
    def own_address(self) -> str:
        """Return the path of the page on which its author follows it."""
        own = self.concrete
        return reverse("my_submission", args=[self.pk]) if own is self else own.own_address

    @property
    def text(self) -> "Revision":
        """Return the revision that readers see: the released one, else the newest."""
        return self.released_revision or self.revision


class Revision(models.Model):
    """A frozen text of a submission, as typed (Markdown), with its sanitized HTML and the renderer's version.

    Never changed but by a logged redaction, which blanks the words; the log keeps ``text_hash``.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    tried = models.TextField(_("what was tried"), blank=True)
    body_html = models.TextField(editable=False)
    tried_html = models.TextField(editable=False, blank=True)
    renderer_version = models.PositiveSmallIntegerField(editable=False)
    text_hash = models.CharField(max_length=64, editable=False)
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    redacted_at = models.DateTimeField(_("redacted at"), null=True, blank=True)

    class Meta:
        ordering = ["submission", "number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="revision_number_unique")]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.number}"
