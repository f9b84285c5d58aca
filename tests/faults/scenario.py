"""What the fault tests do in processes of their own: set a release up, and report what became of it."""

from collections import Counter

from community.enums import DeliveryState, EnvelopeState
from community.models import Delivery, Envelope, Event, Submission
from search.documents import SearchCriteria
from search.models import OutboxEntry
from search.query import find
from search.registry import get_engine
from tests.factories.community import CommunityFactory, approved, make_member, pending_question

READERS = 3


def prepare() -> dict:
    """Approve a question in a community of three readers and an author who gets no mail; its hold is over."""
    get_engine().clear()
    community = CommunityFactory(slug="faults", threads_public=True)
    readers = [make_member(community) for _ in range(READERS)]
    make_member(community, role="moderator", mode="none", user__email="moderator@role.invalid")
    author = make_member(community, mode="none", user__email="author@role.invalid")
    question = approved(pending_question(community=community, author=author, title="Parboiling effluent"))
    return {"question": question.pk, "addresses": sorted(reader.user.email for reader in readers)}


def report() -> dict:
    """Return how far everything has come."""
    mails = Envelope.objects.filter(kind="as_sent")
    return {
        "question": Submission.objects.values_list("pk", flat=True).get(),
        "states": list(Submission.objects.values_list("state", flat=True)),
        "events": Event.objects.count(),
        "unfanned": Event.objects.filter(fanned_out_at=None).count(),
        "deliveries": Counter(Delivery.objects.values_list("state", flat=True)),
        "undelivered": Delivery.objects.filter(state__in=[DeliveryState.PENDING, DeliveryState.ENVELOPED]).count(),
        "mails": {mail.address: mail.message_id for mail in mails},
        "unsettled": Envelope.objects.filter(state__in=[EnvelopeState.BUILT, EnvelopeState.SENDING]).count()
        + Envelope.objects.filter(state=EnvelopeState.AMBIGUOUS, next_attempt_at__isnull=False).count(),
        "errors": list(Envelope.objects.exclude(error="").values_list("state", "error")),
        "ambiguous": list(mails.exclude(ambiguous_at=None).values_list("message_id", flat=True)),
        "unindexed": OutboxEntry.objects.pending().count(),
        "found": [hit.key for hit in find(SearchCriteria(text="parboiling")).hits],
    }
