"""What happens here and is heard above."""

from django.dispatch import Signal

#: An officer's update of a scheme was published. Sent in the publishing transaction with ``update``, a
#: ``SchemeUpdate``, and ``first``, whether it had never been public before.
scheme_updated = Signal()
