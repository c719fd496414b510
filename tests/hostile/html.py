"""Pages made to break their reader, to pass for an article, or to speak for somebody else."""

from __future__ import annotations

import hashlib
import json
from functools import partial

from .behaviour import Document, document, wire
from .expected import Failed, Held, NoArticle, Unread
from .server import Ask
from .writing import HEADLINE, PROSE, page

html = partial(document, "html", purpose="page")
READ = Held(title=HEADLINE, holds="forty lorries")
NO_TEXT = NoArticle("no text")
HTML = "text/html; charset=utf-8"


@html(Held(title=HEADLINE, holds="forty lorries", dated=True))
def page_good() -> Document:
    """The page of an article: the control."""
    return page()


# --- depth and floods ------------------------------------------------------------------------------------------------


@html(READ, mebibytes=160)
def page_5000_deep() -> Document:
    """5,000 elements within one another, behind the article."""
    return page(after="<div>" * 5_000 + "deep" + "</div>" * 5_000)


@html(READ, mebibytes=160)
def page_of_100000_divs() -> Document:
    """`<div>`, 100,000 times, none of them closed: depth is cut, and the article stands before it."""
    return page(after="<div>" * 100_000)


@html(Unread("elements"), mebibytes=256)
def page_of_70000_paragraphs() -> Document:
    """70,000 paragraphs: more elements than a page may have."""
    return page(after="<p>tide" * 70_000)


@html(READ, mebibytes=160)
def formatting_flood() -> Document:
    """10,000 formatting elements that are never closed: browsers open each of them again in every paragraph."""
    return page(after="<b><i>" * 5_000 + "<p>tide</p>" * 100)


@html(READ, mebibytes=160)
def tables_3000_deep() -> Document:
    """3,000 tables within one another, with text where none may stand."""
    return page(after="<table>tide" * 3_000)


@html(Unread("attributes"), mebibytes=160)
def page_attributes_100000() -> Document:
    """100,000 attributes on one tag."""
    crowded = " ".join(f"a{n}={n}" for n in range(100_000))
    return page(after=f"<p {crowded}>tide</p>")


@html(READ, mebibytes=160)
def attribute_of_3_mb() -> Document:
    """One attribute of 3 MB, as pictures in the page itself have."""
    return page(after=f'<img alt="tide" src="data:image/png;base64,{"A" * 3_000_000}">')


@html(Unread("elements"), mebibytes=160)
def page_less_than_flood() -> Document:
    """A million `<`."""
    return page(after="<" * 1_000_000)


@html(READ, mebibytes=160)
def page_comment_flood() -> Document:
    """100,000 comments, none of them closed."""
    return page(after="<!--" * 100_000)


@html(Held(holds="forty lorries"), mebibytes=256)
def paragraph_of_2_mb() -> Document:
    """A paragraph of 2 MB without a full stop: the text is cut to what fits."""
    return page(prose=f"{PROSE}<p>{'tide ' * 400_000}</p>")


@html(Held(holds="forty lorries"), mebibytes=160)
def word_of_1_mb() -> Document:
    """A word of a million letters."""
    return page(prose=f"{PROSE}<p>{'t' * 1_000_000}</p>")


@html(READ, mebibytes=160)
def pictures_5000() -> Document:
    """5,000 pictures, by Open Graph and in the text."""
    claimed = "".join(f'<meta property="og:image" content="https://img.harbour.example/{n}.jpg">' for n in range(5_000))
    return page(head=claimed, after='<img src="/a.jpg">' * 5_000)


@wire("html", Failed("bounds", "body over", permanent=True), purpose="page")
async def page_of_20_mb(ask: Ask) -> None:
    """20 MB of HTML, with its length said."""
    await ask.reply(b"<p>tide" * 3_000_000, HTML)


# --- no article ------------------------------------------------------------------------------------------------------


@html(Unread("empty"))
def page_of_nothing() -> Document:
    """No byte at all."""
    return Document("", HTML)


@html(NO_TEXT)
def script_without_end() -> Document:
    """A script in the head that is never closed: in a browser, too, the page is gone."""
    return page(head="<script>let tide = 1;")


@html(NO_TEXT)
def page_of_a_program() -> Document:
    """A page that a program would fill."""
    return Document(f'<html><head><title>{HEADLINE}</title></head><body><div id="app"></div><script src="/a.js"></script></body></html>', HTML)  # fmt: skip


@html(NO_TEXT)
def page_of_frames() -> Document:
    """A frameset."""
    return Document(
        f'<html><head><title>{HEADLINE}</title></head><frameset><frame src="/a.html"></frameset></html>', HTML
    )


def _instead(name: str, does: str, words: str, title: str, body: str) -> None:
    html(NoArticle(words), name=name, does=does)(
        lambda: Document(f"<html><head><title>{title}</title></head><body>{body}</body></html>", HTML)
    )


_instead(
    "consent-wall",
    "A question for consent where the article should be",
    "a consent wall",
    "The Harbour Post",
    '<div id="consent-wall"><h1>Your privacy</h1><p>We and our 812 partners keep what we learn of you on your device. With '
    "your consent we measure how pages are read.</p><p>You may change your privacy choices in the cookie settings.</p>"
    "<button>Accept all</button></div>",
)
_instead(
    "bot-check",
    "A check that its visitor is no program, with status 200",
    "a bot check",
    "Just a moment...",
    '<div id="challenge-form"><p>Verifying you are human. This may take a few seconds.</p></div>',
)
_instead(
    "javascript-needed",
    "A sentence that asks for JavaScript, and nothing else",
    "needs JavaScript",
    HEADLINE,
    "<div id=root><p>You need to enable JavaScript to run this app.</p></div>",
)
_instead(
    "error-with-status-200",
    "A page that says it is not there, with status 200",
    "an error page",
    "Page not found",
    "<h1>404</h1><p>The page that you look for is not here. Go to the front page, or try the search.</p>",
)
_instead(
    "login-page",
    "A form for name and password",
    "a login page",
    "Log in",
    "<h1>Log in</h1><form><input name=name><input type=password name=word></form><p>Readers of the paper log in here.</p>",
)


@html(READ)
def article_under_a_consent_notice() -> Document:
    """An article, and a question for consent above it."""
    return page(
        before='<div id="onetrust-banner-sdk"><p>We use cookies. We and our partners ask for your consent.</p></div>'
    )


@wire("html", NO_TEXT, purpose="page")
async def refresh_to_loopback(ask: Ask) -> None:
    """A page that sends browsers on, to this machine: nobody follows."""
    refresh = f'<meta http-equiv="refresh" content="0;url=http://127.0.0.1:{ask.web.canary}/refresh-to-loopback">'
    await ask.reply(f"<html><head><title>Moved</title>{refresh}</head><body></body></html>".encode(), HTML)


@html(Unread("no HTML|no text|no title"))
def bytes_of_no_meaning() -> Document:
    """64 KB of bytes without meaning, called HTML."""
    return Document(b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(2_048)), HTML)


def _other_file(name: str, does: str, start: bytes) -> None:
    html(Unread("no HTML"), name=name, does=does)(lambda: Document(start + bytes(range(256)) * 40, HTML))


_other_file("pdf-as-html", "A PDF, called HTML", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
_other_file("zip-as-html", "A ZIP archive, called HTML", b"PK\x03\x04\x14\x00")
_other_file("picture-as-html", "A JPEG picture, called HTML", b"\xff\xd8\xff\xe0\x00\x10JFIF")


# --- claims ----------------------------------------------------------------------------------------------------------


def _claims(name: str, does: str, head: str, expected: Held) -> None:
    html(expected, name=name, does=does)(lambda: page(head=head))


def _own(name: str) -> str:
    return f"http://{name}.hostile.example/news/ferry-returns-after-the-long-storm"


_claims(
    "canonical-of-loopback",
    "A canonical address inside the house: the page keeps its own",
    '<link rel="canonical" href="http://127.0.0.1/admin"><meta property="og:url" content="http://127.0.0.1/admin">',
    Held(title=HEADLINE, url=_own("canonical-of-loopback")),
)
_claims(
    "canonical-of-a-script",
    "A canonical address that is a script",
    '<link rel="canonical" href="javascript:alert(1)">',
    Held(title=HEADLINE, url=_own("canonical-of-a-script")),
)
_claims(
    "base-of-a-script",
    "A base address that is a script, and a picture relative to it",
    '<base href="javascript:alert(1)//"><meta property="og:image" content="javascript:alert(1)">',
    Held(title=HEADLINE, url=_own("base-of-a-script"), images=()),
)
_claims(
    "pictures-of-no-address",
    "Pictures in the page itself, of this machine and of a script; one real",
    "".join(
        f'<meta property="og:image" content="{url}">'
        for url in (
            "data:image/png;base64,AAAA",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://img.harbour.example/1.jpg",
        )
    ),
    Held(title=HEADLINE, images=("https://img.harbour.example/1.jpg",)),
)
_claims(
    "json-ld-brackets-200000",
    "JSON-LD of 200,000 brackets: the other claims stand",
    f'<script type="application/ld+json">{"[" * 200_000}</script>',
    READ,
)
_claims(
    "json-ld-of-10000-things",
    "JSON-LD of 10,000 articles, none of them this one",
    '<script type="application/ld+json">'
    + json.dumps({"@graph": [{"@type": "NewsArticle", "headline": f"Tide {n}", "url": f"/{n}"} for n in range(10_000)]})
    + "</script>",
    Held(holds="forty lorries"),
)
_claims(
    "json-ld-of-other-types",
    "JSON-LD whose fields are of no type that they may have",
    '<script type="application/ld+json">'
    + json.dumps(
        {"@type": ["NewsArticle", 7, None], "headline": {"a": []}, "author": [[["x"]]], "image": 3, "datePublished": {}}
    )
    + "</script>",
    READ,
)
_claims(
    "json-ld-text",
    "JSON-LD whose text is a script",
    '<script type="application/ld+json">'
    + json.dumps(
        {"@type": "NewsArticle", "articleBody": "&lt;script&gt;steal()&lt;/script&gt;" + "Tide tables are out. " * 200}
    )
    + "</script>",
    Held(title=HEADLINE, lacks="steal()"),
)


@html(Held(title=HEADLINE, holds="forty lorries", lacks="steal()"))
def scripts_in_the_text() -> Document:
    """Scripts, styles, templates and drawings between the paragraphs."""
    parts = "<script>steal()</script><style>steal(){}</style><template>steal()</template><svg><script>steal()</script></svg>"
    return page(prose=PROSE.replace("</p>", f"</p>{parts}"))
