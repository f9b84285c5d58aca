"""What open pages of the admin ask again and again: how much waits, and who has what is on the screen."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from community.forms.numbers import LONGEST_KEY, number_in
from community.models import Submission
from community.permissions import member_of
from community.states import SubmissionState

from . import reading
from .menu import label_of, waiting_for

#: Most items of one page that are asked about.
MOST_ASKED = 60


@require_safe
@never_cache
def desk_live(request: HttpRequest) -> JsonResponse:
    """Answer with the words of the menu's badge and, for each of ``items``, who holds it or who decided on it.

    ``waiting`` is the number that the page showed: what came since is said in ``news``.
    """
    waiting, shown = waiting_for(request), number_in(request.GET.get("waiting", ""), 8)
    more = 0 if shown is None else waiting - shown
    news = ngettext("%(more)d more waits.", "%(more)d more wait.", more) % {"more": more} if more > 0 else ""
    return JsonResponse({"label": label_of(waiting), "news": news, "items": _items(request)})


def _items(request: HttpRequest) -> dict[int, dict]:
    asked = (number_in(part, LONGEST_KEY) for part in request.GET.get("items", "").split(",")[:MOST_ASKED])
    pks = [pk for pk in asked if pk is not None]
    if not pks:
        return {}
    now, member = timezone.now(), member_of(request.user)
    items = reading.items_of(request.user).with_holding(now).filter(pk__in=pks)
    return {item.pk: _words(item, member.pk if member else 0, now) for item in items}


def _words(item: Submission, viewer: int, now) -> dict:
    if item.state != SubmissionState.PENDING:
        words = _("Decided: %(state)s") % {"state": item.get_state_display()}
        return {"words": words, "gone": True, "others": False}
    if not item.is_held:
        return {"words": "", "gone": False, "others": False}
    if item.lease_holder_id == viewer:
        return {"words": _("with you"), "gone": False, "others": False}
    minutes = max(0, int((now - item.leased_at).total_seconds() // 60))
    words = ngettext("with %(who)s for %(minutes)d minute", "with %(who)s for %(minutes)d minutes", minutes)
    return {"words": words % {"who": item.lease_holder, "minutes": minutes}, "gone": False, "others": True}
