"""Text from people: Markdown to HTML, HTML to what may be shown, HTML to plain text.

This is the only module that names the sanitizer, so that another could take its place.
"""

import re
from functools import lru_cache
from html.parser import HTMLParser

from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

#: Raised whenever the same text would render differently; stored HTML keeps the version it was made with.
RENDERER_VERSION = 1

#: No tables and no images: their parsing rules move elements about, and a picture would be a request to a third party.
ALLOWED_TAGS = frozenset({"a", "b", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "i", "li"})
ALLOWED_TAGS |= {"ol", "p", "pre", "strong", "ul"}
ALLOWED_PROTOCOLS = frozenset({"http", "https", "mailto"})
LINK_REL = "nofollow ugc noopener"
#: Elements that end a line when HTML becomes plain text.
BLOCK_TAGS = ALLOWED_TAGS - {"a", "b", "code", "em", "i", "strong"} | {"dd", "div", "dt", "h1", "h2", "td", "th", "tr"}

_ADDRESS = re.compile(r"(?:https?://[^\s/?#\\][^\s\\]*|mailto:[^\s\\]+)\Z", re.IGNORECASE)
_ADDRESS_IN_TEXT = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)
_MOST_PASSES = 4


def sanitize(html: str) -> str:
    """Return ``html`` with the allowed elements only, every link marked as a stranger's.

    The result is a fixed point: cleaning it again gives the same text, so a browser that reads it builds the tree
    that was checked. HTML whose tree never settles loses all its markup.
    """
    clean = html
    for _pass in range(_MOST_PASSES):
        before, clean = clean, _cleaner().clean(clean)
        if clean == before:
            return clean
    for _pass in range(_MOST_PASSES):
        before, clean = clean, _stripper().clean(clean)
        if clean == before:
            break
    return clean


def render_markdown(text: str) -> str:
    """Return the sanitized HTML of ``text`` in Markdown. HTML typed into it is shown as typed, never obeyed."""
    return sanitize(_markdown().render(text.replace("\x00", ""))).strip()


def plain_text(html: str) -> str:
    """Return the words of ``html`` without markup; blocks become lines. The result is text, not HTML: escape it."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).splitlines())
    return "\n".join(line for line in lines if line)


def _attribute_allowed(tag: str, name: str, value: str) -> bool:
    """Tell whether an attribute stays: the address of a link, where it is absolute, and the first number of a list."""
    if tag == "a":
        return name == "href" and _ADDRESS.match(value) is not None
    return tag == "ol" and name == "start" and value.isascii() and value.isdigit() and len(value) < 10


class _StrangersLinks(Filter):
    """Mark each link as put there by a visitor."""

    def __iter__(self):
        for token in super().__iter__():
            attributes = token.get("data")
            if token["type"] == "StartTag" and token["name"] == "a" and (None, "href") in attributes:
                attributes[(None, "rel")] = LINK_REL
            yield token


def _cleaner() -> Cleaner:
    """Return a new cleaner: one holds the parser's state, so threads must not share it."""
    return Cleaner(
        tags=ALLOWED_TAGS,
        attributes=_attribute_allowed,
        protocols=ALLOWED_PROTOCOLS,
        strip=True,
        filters=[_StrangersLinks],
    )


def _stripper() -> Cleaner:
    """Return a new cleaner that leaves text alone."""
    return Cleaner(tags=frozenset(), attributes={}, protocols=frozenset(), strip=True)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    reader.disable(["image", "html_block", "html_inline"])
    reader.validateLink = lambda url: _ADDRESS.match(url) is not None
    reader.core.ruler.push("bare_addresses", _link_bare_addresses)
    reader.core.ruler.push("lower_headings", _lower_headings)
    return reader


def _lower_headings(state: StateCore) -> None:
    """Put members' headings below those of the page that shows them: the page has h1 and h2."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


def _link_bare_addresses(state: StateCore) -> None:
    """Make links of addresses that stand in the text as they are."""
    for token in state.tokens:
        if token.type != "inline" or not token.children:
            continue
        children: list[Token] = []
        inside_link = 0
        for child in token.children:
            inside_link += (child.type == "link_open") - (child.type == "link_close")
            if child.type == "text" and not inside_link:
                children += _with_links(child.content)
            else:
                children.append(child)
        token.children = children


def _with_links(text: str) -> list[Token]:
    """Return the tokens of ``text``; the mark that ends a sentence does not belong to the address before it."""
    tokens: list[Token] = []
    position = 0
    for found in _ADDRESS_IN_TEXT.finditer(text):
        address = found.group().rstrip(".,;:!?…।'*_")
        while address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1].rstrip(".,;:!?…।'*_")
        if not _ADDRESS.match(address):
            continue
        tokens.append(Token("text", "", 0, content=text[position : found.start()]))
        tokens.append(Token("link_open", "a", 1, attrs={"href": address}))
        tokens.append(Token("text", "", 0, content=address))
        tokens.append(Token("link_close", "a", -1))
        position = found.start() + len(address)
    tokens.append(Token("text", "", 0, content=text[position:]))
    return tokens


class _TextReader(HTMLParser):
    """Gather the words of HTML; what stands in scripts and styles is none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._silent += tag in ("script", "style")
        if tag in BLOCK_TAGS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(self._silent - 1, 0)
        if tag in BLOCK_TAGS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)
