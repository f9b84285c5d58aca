"""Handing a mail over: to an SMTP server, or to a folder.

A transport takes bytes once. Where it cannot tell whether they were taken it raises Unknown, and the envelope
becomes ambiguous; ``was_taken`` answers afterwards where the transport can know.
"""

import os
import smtplib
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import get_connection
from django.utils.module_loading import import_string

#: Answers of SMTP from which on a refusal is final (RFC 5321, 4.2.1).
PERMANENT_FROM = 500


class Refused(Exception):
    """The mail was refused for good; trying again is of no use."""


class Unreachable(Exception):
    """The transport did not take the mail and may take it later."""


class Unknown(Exception):
    """The connection broke while the mail was being taken: nobody can tell whether it was."""


class Transport(Protocol):
    def send(self, *, message_id: str, sender: str, recipient: str, message: bytes) -> None:
        """Hand a mail over. Raises Refused, Unreachable, Unknown."""

    def was_taken(self, message_id: str) -> bool | None:
        """Return whether the mail was taken, None where this transport cannot know."""


class FolderTransport:
    """Puts each mail into a file named after its Message-ID, so that a second copy is impossible."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = Path(folder or settings.MAIL_FOLDER)

    def _path(self, message_id: str) -> Path:
        return self.folder / f"{message_id.strip('<>').replace('/', '_')}.eml"

    def send(self, *, message_id: str, sender: str, recipient: str, message: bytes) -> None:
        path = self._path(message_id)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{os.getpid()}.part")
            unfinished.write_bytes(message)
            unfinished.replace(path)
        except OSError as error:
            raise Unreachable(str(error)) from error

    def was_taken(self, message_id: str) -> bool:
        return self._path(message_id).exists()


class SmtpTransport:
    """Hands mails to the SMTP server of EMAIL_URL, a connection for each."""

    def send(self, *, message_id: str, sender: str, recipient: str, message: bytes) -> None:
        backend = get_connection("django.core.mail.backends.smtp.EmailBackend", fail_silently=False)
        try:
            backend.open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(str(error)) from error
        connection = backend.connection
        try:
            self._transfer(connection, sender, recipient, message)
        finally:
            connection.close()

    def _transfer(self, connection: smtplib.SMTP, sender: str, recipient: str, message: bytes) -> None:
        try:
            connection.ehlo_or_helo_if_needed()
            for step in (lambda: connection.mail(sender), lambda: connection.rcpt(recipient)):
                self._check(*step())
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(str(error)) from error
        try:
            code, answer = connection.data(message)
        except smtplib.SMTPDataError as error:
            self._check(error.smtp_code, error.smtp_error)
            raise Unknown(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            # The bytes may have been taken before the answer was lost.
            raise Unknown(str(error)) from error
        self._check(code, answer)

    @staticmethod
    def _check(code: int, answer: bytes) -> None:
        if code >= PERMANENT_FROM:
            raise Refused(f"{code} {answer!r}")
        if code >= 300:
            raise Unreachable(f"{code} {answer!r}")

    def was_taken(self, message_id: str) -> None:
        return None


def get_transport() -> Transport:
    """Return the transport that the settings choose."""
    return import_string(settings.MAIL_TRANSPORT)()
