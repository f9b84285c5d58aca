"""Reading a built mail again, for the demonstration's mailbox."""

from dataclasses import dataclass
from email import policy
from email.parser import BytesParser

from knowledge.sanitize import plain_text


@dataclass(frozen=True)
class ReadMail:
    """A mail taken apart: headers in their order, the text side, the words of the HTML side."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str

    @property
    def html_words(self) -> str:
        """Return the HTML side without markup."""
        return plain_text(self.html)


def read_message(message: bytes) -> ReadMail:
    """Take the bytes of an envelope apart."""
    parsed = BytesParser(policy=policy.default).parsebytes(bytes(message))
    sides = {}
    for kind in ("plain", "html"):
        part = parsed.get_body(preferencelist=(kind,))
        sides[kind] = part.get_content() if part is not None else ""
    return ReadMail(
        headers=tuple((name, str(value)) for name, value in parsed.items()), text=sides["plain"], html=sides["html"]
    )
