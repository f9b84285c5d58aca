"""What people write can carry no element, attribute or address that we did not allow."""

import re
from html import unescape

import pytest
from bleach._vendor import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.sanitize import ALLOWED_TAGS, LINK_REL, plain_text, render_markdown, sanitize

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<img src=`javascript:alert(1)`>",
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    "<img srcset='x 1x' onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math href='javascript:alert(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<noembed><img title='</noembed><img src onerror=alert(1)>'></noembed>",
    "<textarea><img title='</textarea><img src onerror=alert(1)>'></textarea>",
    "<title><a title='</title><img src onerror=alert(1)>'></title>",
    "<xmp><a title='</xmp><img src onerror=alert(1)>'></xmp>",
    "<template><script>alert(1)</script></template>",
    "<select><option><script>alert(1)</script></option></select>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<base href='javascript:alert(1)//'>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<body onload=alert(1)>",
    "<body background=javascript:alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<p onclick=alert(1)>x</p>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p id=main class=note name=q>x</p>",
    "<b onmouseover=alert(1)>x</b>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='blob:https://x.example/1'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='//x.example/y'>x</a>",
    "<a href='\\\\x.example\\y'>x</a>",
    "<a href='https:/\\x.example'>x</a>",
    "<a href='https://x.example' onclick=alert(1) target=_blank rel=opener>x</a>",
    '<a href="https://x.example/&quot; onclick=&quot;alert(1)">x</a>',
    "<a href=https://x.example/`onclick=alert(1)>x</a>",
    "<!--><script>alert(1)</script-->",
    "<!--<img src='--><img src=x onerror=alert(1)>'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><p>&y;</p>",
    "</p><script>alert(1)</script><p>",
    "<table><a href=x>1<p>2</a>3</p></table>",
    "<a><p><a><b><p></a></b>",
    "<isindex action=javascript:alert(1) type=image>",
    "<custom-tag onfocus=alert(1) tabindex=1>x</custom-tag>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<plaintext><script>alert(1)</script>",
    '<a href="javascript\u200b:alert(1)">x</a>',
]

MARKDOWN_HOSTILE = [
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java&#x09;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://x.example/pixel.png)",
    '[x](https://x.example "\\" onclick=\\"alert(1)")',
    '[x](https://x.example/"onclick=alert(1))',
    "<javascript:alert(1)>",
    '<https://x.example/" onclick=alert(1)>',
    "`<script>alert(1)</script>`",
    "```<script>\nalert(1)\n```",
    '``` "><script>alert(1)</script>\nx\n```',
    "    <script>alert(1)</script>",
    'https://x.example/"><script>alert(1)</script>',
    "https://x.example/<script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "> <svg onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]

PIECES = ["<p>", "</p>", "<a>", "</a>", "<b>", "</b>", "<ul>", "<li>", "<pre>\n", "</pre>", "<h3>", "<table>", "<td>"]
PIECES += ["<a href='https://x.example/?a=1&amp;b=2'>", "&", "&amp;", "&lt;", "&nbsp;", "&#0;", "\n", "\r\n", "\x00"]
PIECES += ["नमस्ते", "\u2028", "'", '"', "<", ">", "</", "<br/>", "<hr>", "<code>", "<svg>", "<math>", "<style>", "<!--"]
FRAGMENTS = st.sampled_from([*HOSTILE, *PIECES])
HOSTILE_HTML = st.one_of(st.text(max_size=200), st.lists(FRAGMENTS, max_size=12).map("".join))


def tree(html: str) -> list[tuple[str, dict[str, str]]]:
    """Return the elements that a browser would build of ``html``, with their attributes."""
    fragment = html5lib.parseFragment(html, container="div", namespaceHTMLElements=False)
    return [(str(node.tag), dict(node.attrib)) for node in fragment.iter() if node is not fragment]


def assert_inert(html: str) -> None:
    for tag, attributes in tree(html):
        assert tag in ALLOWED_TAGS
        if tag == "a" and attributes:
            assert set(attributes) == {"href", "rel"}
            assert attributes["rel"] == LINK_REL
            assert re.match(r"(https?://[^/]|mailto:)", attributes["href"], re.IGNORECASE)
        elif tag == "ol" and attributes:
            assert set(attributes) == {"start"}
            assert attributes["start"].isdigit()
        else:
            assert attributes == {}


def test_the_corpus_of_attacks_is_large():
    assert len({*HOSTILE}) >= 60


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_html_becomes_inert(attack):
    assert_inert(sanitize(attack))


@pytest.mark.parametrize("attack", [*HOSTILE, *MARKDOWN_HOSTILE])
def test_hostile_markdown_becomes_inert(attack):
    assert_inert(render_markdown(attack))


@given(HOSTILE_HTML)
@settings(max_examples=300, deadline=None)
def test_whatever_comes_in_is_inert_and_cleaning_twice_changes_nothing(html):
    clean = sanitize(html)
    assert_inert(clean)
    assert sanitize(clean) == clean


@given(HOSTILE_HTML)
@settings(max_examples=200, deadline=None)
def test_clean_html_is_read_back_as_the_tree_it_was_written_from(html):
    clean = sanitize(html)
    walker = html5lib.getTreeWalker("etree")
    fragment = html5lib.parseFragment(clean, container="div", namespaceHTMLElements=False)
    again = html5lib.serializer.HTMLSerializer(
        quote_attr_values="always", omit_optional_tags=False, alphabetical_attributes=False
    ).render(walker(fragment))
    assert tree(again) == tree(clean)
    assert unescape(again) == unescape(clean)


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(MARKDOWN_HOSTILE), max_size=6).map("\n".join)))
@settings(max_examples=200, deadline=None)
def test_rendered_markdown_is_always_already_clean(text):
    html = render_markdown(text)
    assert_inert(html)
    assert sanitize(html).strip() == html


def test_markdown_keeps_what_helps_a_reader():
    html = render_markdown("**Bold**, *slanted*\n\n1. one\n2. two\n\n> said\n\n`code`")
    assert "<strong>Bold</strong>" in html
    assert "<em>slanted</em>" in html
    assert "<ol>" in html
    assert "<blockquote>" in html
    assert "<code>code</code>" in html


def test_a_line_break_of_the_writer_is_kept():
    assert "<br>" in render_markdown("one\ntwo")


def test_headings_of_members_stand_below_those_of_the_page():
    assert render_markdown("# Top") == "<h3>Top</h3>"
    assert render_markdown("###### Low") == "<h6>Low</h6>"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://msme.gov.in.", "https://msme.gov.in"),
        ("(https://msme.gov.in/a_(b))", "https://msme.gov.in/a_(b)"),
        ("देखें https://msme.gov.in।", "https://msme.gov.in"),
        ("[office](https://msme.gov.in/)", "https://msme.gov.in/"),
        ("<https://msme.gov.in/?a=1&b=2>", "https://msme.gov.in/?a=1&amp;b=2"),
    ],
)
def test_addresses_become_links_of_a_stranger(text, address):
    assert f'<a href="{address}" rel="{LINK_REL}">' in render_markdown(text)


def test_an_address_in_code_stays_code():
    assert "<a" not in render_markdown("`https://msme.gov.in`")


def test_plain_text_keeps_words_apart_and_leaves_scripts_out():
    html = "<p>One &amp; two</p><ul><li>three</li><li>four</li></ul><script>five()</script>"
    assert plain_text(html) == "One & two\nthree\nfour"


@given(HOSTILE_HTML)
@settings(max_examples=100, deadline=None)
def test_plain_text_of_clean_html_never_fails(html):
    assert isinstance(plain_text(sanitize(html)), str)


@pytest.mark.parametrize("piece", [">", "[", "*a_", "- ", "![[", "https://a", "`", "[a](", "a\n"])
def test_a_message_made_to_be_slow_is_rendered_all_the_same(piece):
    assert_inert(render_markdown(piece * (20_000 // len(piece))))
