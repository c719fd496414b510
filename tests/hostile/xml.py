"""Feeds made to break their reader: entities, depth, floods, and plain breakage."""

from __future__ import annotations

from functools import partial

from .behaviour import Document, wire
from .behaviour import document as document_of
from .expected import Listed, Unread
from .server import Ask
from .writing import GOOD, MOON, TIDE, feed, item

xml = partial(document_of, "xml")
READ = Listed(titles=GOOD)
FIRST = Listed(first=(TIDE,))  # what stands before the trouble is never lost


# --- entities --------------------------------------------------------------------------------------------------------


def _declaring(subset: str, used: str) -> Document:
    """A feed whose DOCTYPE declares `subset` and whose second title uses it."""
    head = f'<?xml version="1.0"?><!DOCTYPE rss [{subset}]>'
    return Document(
        feed(item(), f"<item><title>Moon {used}</title><link>https://harbour.example/2</link></item>", head=head)
    )


@xml(FIRST)
def billion_laughs() -> Document:
    """Ten entities, each ten of the one before: 3 GB when expanded."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _declaring('<!ENTITY l0 "ha ha ha">' + laughs, "&l9;")


@xml(FIRST)
def quadratic_blow_up() -> Document:
    """An entity of 50 KB used 50,000 times: 2.5 GB when expanded."""
    return _declaring(f'<!ENTITY a "{"a" * 50_000}">', "&a;" * 50_000)


@xml(FIRST)
def parameter_entities() -> Document:
    """Parameter entities that declare one another."""
    declared = "".join(f"<!ENTITY % p{n} '{f'%p{n - 1};' * 20}'>" for n in range(1, 8))
    return _declaring("<!ENTITY % p0 '<!ENTITY moon \"x\">'>" + declared + " %p7;", "&moon;")


@xml(FIRST)
def entity_of_itself() -> Document:
    """An entity that is made of itself."""
    return _declaring('<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a;")


def _leads_out(name: str, does: str, before: str, used: str) -> None:
    """A feed that would pull in the canary's file ({secret}) or ask the canary ({canary})."""

    async def play(ask: Ask) -> None:
        def at_home(part: str) -> str:
            where = f"127.0.0.1:{ask.web.canary}/{name}"
            return part.replace("SECRET", ask.web.secret).replace("CANARY", where)

        second = f"<item><title>Moon {at_home(used)}</title><link>https://harbour.example/2</link></item>"
        await ask.reply(feed(item(), second, head=f'<?xml version="1.0"?>{at_home(before)}').encode())

    wire("xml", FIRST, name=name, does=does)(play)


_leads_out(
    "entity-of-a-file",
    "An entity that is a file of this machine",
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "file://SECRET">]>',
    "&x;",
)
_leads_out(
    "entity-of-an-address",
    "An entity that is a page of this machine",
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "http://CANARY">]>',
    "&x;",
)
_leads_out(
    "parameter-entity-of-an-address",
    "A parameter entity from elsewhere",
    '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://CANARY"> %x;]>',
    "",
)
_leads_out("dtd-of-an-address", "A DTD from elsewhere", '<!DOCTYPE rss SYSTEM "http://CANARY">', "")
_leads_out(
    "dtd-public",
    "A public DTD with an address, as RSS 0.91 had",
    '<!DOCTYPE rss PUBLIC "-//Harbour//DTD RSS 0.91//EN" "http://CANARY">',
    "",
)
_leads_out(
    "style-sheet-of-an-address",
    "A style sheet from elsewhere",
    '<?xml-stylesheet type="text/xsl" href="http://CANARY"?>',
    "",
)
_leads_out(
    "inclusion-of-a-file",
    "XInclude of a file",
    "",
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://SECRET" parse="text"/>',
)
_leads_out(
    "inclusion-of-an-address",
    "XInclude of a page",
    "",
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="http://CANARY"/>',
)


@xml(READ)
def doctype_with_brackets() -> Document:
    """A DOCTYPE whose quoted values and comments hold what would end it."""
    return Document(feed(head='<?xml version="1.0"?><!DOCTYPE rss [<!-- ]> --><!ENTITY a "]>"><!ENTITY b \']>\'>]>'))


@xml(Unread("feed|broken|empty"))
def doctype_flood() -> Document:
    """100,000 DOCTYPEs, none of them closed."""
    return Document("<!DOCTYPE [" * 100_000)


@xml(READ)
def html_entities() -> Document:
    """Entities that HTML has and XML has not."""
    return Document(feed().replace(" ", "&nbsp;", 3).replace("for March", "for&nbsp;March"))


# --- depth and floods ------------------------------------------------------------------------------------------------


@xml(FIRST)
def elements_5000_deep() -> Document:
    """A description 5,000 elements deep, in the second item."""
    deep = "<b>" * 5_000 + "deep" + "</b>" * 5_000
    return Document(feed(item(), item(MOON, more=f"<description>{deep}</description>")))


@xml(FIRST)
def items_5000_deep() -> Document:
    """Items within items, 5,000 deep."""
    return Document(feed(item(), "<item>" * 5_000))


@xml(Listed(first=(TIDE,)), mebibytes=160)
def attributes_100000() -> Document:
    """100,000 attributes on one tag, in the second item."""
    crowded = " ".join(f'a{n}="{n}"' for n in range(100_000))
    return Document(feed(item(), f"<item {crowded}><title>Moon</title></item>"))


@xml(FIRST, mebibytes=160)
def namespaces_10000() -> Document:
    """10,000 namespaces declared on the root."""
    declared = " ".join(f'xmlns:n{n}="https://n{n}.example/"' for n in range(10_000))
    return Document(feed().replace("<rss ", f"<rss {declared} ", 1))


@xml(FIRST, mebibytes=160)
def namespaces_one_by_one() -> Document:
    """20,000 elements that declare a namespace each."""
    return Document(feed(item(), "".join(f'<n:a xmlns:n="https://n{n}.example/"/>' for n in range(20_000))))


@xml(Listed(titles=(TIDE, MOON)), mebibytes=160)
def comments_escaped_700_kb() -> Document:
    """`&lt;!--` for 700 KB: a comment that never ends, in a description."""
    return Document(feed(item(), item(MOON, more=f"<description>{'&lt;!--' * 100_000}</description>")))


@xml(Listed(titles=(TIDE, MOON)), mebibytes=160)
def tags_escaped_700_kb() -> Document:
    """`&lt;a ` for 700 KB: tags that never end, in a description."""
    return Document(feed(item(), item(MOON, more=f"<description>{'&lt;a ' * 120_000}</description>")))


@xml(Listed(titles=(TIDE, MOON)), mebibytes=160)
def scripts_escaped_700_kb() -> Document:
    """`&lt;script&gt;` for 700 KB: scripts that never end, in a description."""
    return Document(feed(item(), item(MOON, more=f"<description>{'&lt;script&gt;' * 50_000}</description>")))


@xml(Unread("feed|broken"), mebibytes=160)
def less_than_flood() -> Document:
    """A million `<`."""
    return Document("<" * 1_000_000)


@xml(FIRST, mebibytes=160)
def less_than_flood_in_a_feed() -> Document:
    """A million `<` behind the first item."""
    return Document(feed(item(), "<" * 1_000_000))


@xml(FIRST, mebibytes=160)
def ampersand_flood() -> Document:
    """A million `&` behind the first item."""
    return Document(feed(item(), item("Moon").replace("Moon", "&" * 1_000_000)))


@xml(Listed(count=2), mebibytes=160)
def reference_flood() -> Document:
    """A title of 300,000 references."""
    return Document(feed(item(), item("Moon").replace("Moon", "Moon " + "&#77;" * 300_000)))


@xml(FIRST, mebibytes=160)
def comment_without_end() -> Document:
    """A comment of 5 MB without end, behind the first item."""
    return Document(feed(item(), "<!-- " + "tide " * 1_000_000, tail=""))


@xml(FIRST)
def cdata_without_end() -> Document:
    """A CDATA section without end, in the second item."""
    return Document(feed(item(), "<item><title><![CDATA[Moon " + "tide " * 10_000, tail=""))


@xml(FIRST)
def cdata_flood() -> Document:
    """100,000 CDATA sections, none of them closed."""
    return Document(feed(item(), "<item><title>" + "<![CDATA[" * 100_000, tail=""))


@xml(FIRST)
def instruction_flood() -> Document:
    """100,000 processing instructions, none of them closed."""
    return Document(feed(item(), "<?tide " * 100_000, tail=""))


@xml(Listed(count=2_000, cut=98_000), mebibytes=256, processor=10.0)
def items_100000() -> Document:
    """100,000 items: the bound of one resource is taken, the rest is counted."""
    return Document(feed(*(f"<item><title>Tide {n}</title><link>/{n}</link></item>" for n in range(100_000))))


@xml(Listed(first=(TIDE,)), mebibytes=160)
def title_of_10_mb() -> Document:
    """A title of 10 MB, in the second item."""
    return Document(feed(item(), item("tide " * 2_100_000), item(MOON)))


@xml(Listed(titles=(TIDE, MOON)), mebibytes=160)
def description_of_9_mb() -> Document:
    """A description of 9 MB: cut, and the item stays."""
    return Document(feed(item(), item(MOON, more=f"<description>{'tide ' * 1_800_000}</description>")))


@xml(Listed(titles=(TIDE,)), mebibytes=160)
def categories_50000() -> Document:
    """50,000 categories and as many authors on one item."""
    return Document(feed(item(more="".join(f"<category>c{n}</category><author>a{n}</author>" for n in range(50_000)))))


# --- plain breakage --------------------------------------------------------------------------------------------------


@xml(Listed(titles=("Fish & chips & tea", MOON)))
def stray_ampersands() -> Document:
    """Ampersands that begin nothing, in a title and an address."""
    return Document(feed("<item><title>Fish & chips &amp; tea</title><link>https://harbour.example/?a=1&b=2</link></item>", item(MOON)))  # fmt: skip


@xml(READ)
def tags_not_closed() -> Document:
    """HTML within descriptions whose tags are not closed."""
    return Document(feed(*(item(title, more="<description>High<br>and low<p>tide</description>") for title in GOOD)))


@xml(READ)
def prefix_not_declared() -> Document:
    """Elements with a prefix that nobody declared."""
    return Document(feed(*(item(title, more="<tide:level>3</tide:level>") for title in GOOD)))


@xml(READ)
def attributes_not_quoted() -> Document:
    """Attributes without quotes."""
    return Document(feed().replace('version="2.0"', "version=2.0"))


@xml(READ)
def control_characters() -> Document:
    """Control characters that XML forbids."""
    return Document(feed().replace("tables", "ta\x08b\x1fles").replace("halo", "ha\x0blo"))


@xml(READ)
def warnings_before_it() -> Document:
    """A program's warnings before the feed begins."""
    return Document(
        "\r\n<br />\n<b>Warning</b>: mysql_query() in <b>/srv/feed.php</b> on line <b>7</b><br />\n" + feed()
    )


@xml(READ)
def junk_behind_it() -> Document:
    """A statistics script behind the feed's end."""
    return Document(feed() + "\n<!-- 0.2 s --><script>count()</script>\x00\x00")


@xml(FIRST)
def cut_in_the_middle() -> Document:
    """A feed that ends within its second item."""
    return Document(feed()[:-70])


@xml(Unread("web page"))
def html_with_200() -> Document:
    """An error page of HTML, with status 200 and a feed's media type."""
    return Document("<!DOCTYPE html><html><head><title>Error</title></head><body><p>We are closed.</p></body></html>")


@xml(Unread("feed"))
def picture_with_200() -> Document:
    """The bytes of a picture, with a feed's media type."""
    return Document(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100)


@xml(Unread("empty"))
def nothing_with_200() -> Document:
    """No byte at all."""
    return Document("")


@xml(Unread("empty"))
def white_space_with_200() -> Document:
    """White space and NULs."""
    return Document(" \r\n\t\x00" * 1_000)


@xml(Unread("feed"))
def text_with_200() -> Document:
    """A sentence."""
    return Document("The service is temporarily unavailable.", "text/plain")
