"""The folder that stands for a broker in the embedded stack."""

import logging
from queue import Empty

from kombu.transport import TRANSPORT_ALIASES, filesystem

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Passes over what a killed process left half written; kombu's own would end the worker."""

    def _get(self, queue: str):
        try:
            return super()._get(queue)
        except ValueError as error:  # no JSON, or no text at all
            logger.warning("Passed over a broken message in %s: %s", queue, error)
            raise Empty from error


class Transport(filesystem.Transport):
    """A folder with files for messages."""

    Channel = Channel


def use_patient_folder() -> None:
    """Let addresses that begin with ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
