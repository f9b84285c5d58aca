"""How the messages of a community arrive."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.enums import DeliveryMode
from community.models import Membership


class SubscriptionForm(forms.Form):
    """The two choices of one membership."""

    delivery_mode = forms.ChoiceField(label=_("Messages"), choices=DeliveryMode.choices)
    wants_digest = forms.BooleanField(label=_("Send me the moderator's digest too"), required=False)

    def __init__(self, data=None, *, membership: Membership, **kwargs) -> None:
        self.membership = membership
        super().__init__(
            data,
            prefix=membership.community.slug,
            initial={"delivery_mode": membership.delivery_mode, "wants_digest": membership.wants_digest},
            **kwargs,
        )
