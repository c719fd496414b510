"""Labels that lie about the bytes, bytes that have none, and characters that no text may hold."""

from __future__ import annotations

from functools import partial

from .behaviour import Document, document
from .expected import Held, Listed
from .writing import GOOD, TIDE, feed, item, page

charset = partial(document, "charset")

RUSSIAN = "Паром вернулся в гавань после долгой зимней бури"
JAPANESE = "嵐のあと、連絡船が港に戻った"
CHINESE = "风暴过后渡轮重新开航"
KOREAN = "폭풍이 지나고 여객선이 돌아왔다"
GERMAN = "Fähre läuft nach Sturm wieder größere Häfen an"
WESTERN = "The “Tide” costs 5 € – no more…"


def _encoded(title: str, codec: str, label: str, http: str = "", bom: bytes = b"") -> Document:
    """A feed with one item in `codec`, labelled `label` in its declaration and `http` in its header."""
    declared = f'<?xml version="1.0" encoding="{label}"?>' if label else '<?xml version="1.0"?>'
    more = f"<description>{title}. {title}!</description>"
    said = f"; charset={http}" if http else ""
    return Document(bom + feed(item(title, more=more), head=declared).encode(codec), f"application/rss+xml{said}")


def _right(name: str, title: str, codec: str, does: str, label: str = "", http: str = "", bom: bytes = b"") -> None:
    def make() -> Document:
        return _encoded(title, codec, label, http, bom)

    charset(Listed(titles=(title,)), name=name, does=does)(make)


_right("cp1251-labelled-so", RUSSIAN, "cp1251", "Russian in windows-1251, labelled so", "windows-1251")
_right("cp1251-labelled-utf-8", RUSSIAN, "cp1251", "Russian in windows-1251, labelled UTF-8 twice", "utf-8", "utf-8")
_right("koi8-r-in-http", RUSSIAN, "koi8-r", "Russian in KOI8-R, which only the header says", http="koi8-r")
_right("shift-jis-labelled-so", JAPANESE, "shift_jis", "Japanese in Shift_JIS, labelled so", "Shift_JIS")
_right("shift-jis-labelled-utf-8", JAPANESE * 3, "shift_jis", "Japanese in Shift_JIS, labelled UTF-8", "utf-8")
_right("iso-2022-jp", JAPANESE, "iso2022_jp", "Japanese in ISO-2022-JP, which is all ASCII", "iso-2022-jp")
_right("gb18030-labelled-gb2312", CHINESE, "gb18030", "Chinese in GB 18030, labelled GB2312", "gb2312")
_right("euc-kr-labelled-so", KOREAN, "euc-kr", "Korean in EUC-KR, labelled so", "euc-kr")
_right("windows-1252-labelled-latin-1", WESTERN, "cp1252", "Curly quotes and a euro sign in ISO-8859-1", "iso-8859-1")
_right(
    "utf-8-labelled-latin-1", GERMAN, "utf-8", "German in UTF-8, labelled ISO-8859-1 twice", "iso-8859-1", "iso-8859-1"
)
_right("utf-8-labelled-ascii", GERMAN, "utf-8", "German in UTF-8, labelled US-ASCII", "us-ascii")
_right("utf-16-with-bom", RUSSIAN, "utf-16-le", "UTF-16 with a byte order mark", "utf-16", bom=b"\xff\xfe")
_right(
    "utf-16-be-with-bom", RUSSIAN, "utf-16-be", "UTF-16, the other way round, labelled UTF-8", "utf-8", bom=b"\xfe\xff"
)
_right("utf-16-without-bom", GERMAN, "utf-16-le", "UTF-16 without a byte order mark, labelled UTF-8", "utf-8")
_right("utf-16-be-without-bom", GERMAN, "utf-16-be", "The same the other way round, without any label")
_right("utf-8-bom-against-http", RUSSIAN, "utf-8", "A UTF-8 mark against windows-1251 in the header", "koi8-r", "windows-1251", b"\xef\xbb\xbf")  # fmt: skip
_right("codec-zlib", GERMAN, "utf-8", "`zlib_codec`, which Python would unpack", "zlib_codec", "zlib_codec")
_right("codec-rot13", GERMAN, "utf-8", "`rot13`, which Python would turn", "rot13", "rot13")
_right("codec-unicode-escape", GERMAN, "utf-8", "`unicode_escape`, which Python would read as source", "unicode_escape")
_right("label-of-10-kb", GERMAN, "utf-8", "A charset of 10,000 characters", "utf-8", "x" * 10_000)


@charset(Listed(titles=("+ADw-b+AD4-Tide+ADw-/b+AD4-",)))
def utf_7() -> Document:
    """UTF-7 that would become markup: a label that browsers refuse."""
    return _encoded("+ADw-b+AD4-Tide+ADw-/b+AD4-", "ascii", "utf-7", "utf-7")


@charset(Listed(titles=("Fähre läuft aus",)))
def one_bad_byte() -> Document:
    """UTF-8 with one byte that is none: it is dropped, and nothing else is lost."""
    body = feed(item("Fähre läuft# aus", more=f"<description>{GERMAN}</description>")).encode()
    return Document(body.replace(b"#", b"\xff"))


@charset(Listed(titles=GOOD))
def cut_within_a_character() -> Document:
    """UTF-8 that ends within a character, behind the last item."""
    return Document(feed().encode() + "<!-- ü".encode()[:-1])


@charset(Listed(titles=(TIDE,)))
def nul_bytes() -> Document:
    """NUL bytes within a title and an address."""
    body = (
        feed(item(TIDE))
        .encode()
        .replace(b"Tide", b"Ti\x00de")
        .replace(b"harbour.example/news", b"harbour.example/ne\x00ws")
    )
    return Document(body)


def _reference(name: str, does: str, reference: str, read: str = "") -> None:
    def make() -> Document:
        return Document(feed(item(), item("Moon").replace("Moon", f"Moon{reference} halo")))

    charset(Listed(titles=(TIDE, f"Moon{read} halo")), name=f"reference-{name}", does=does)(make)


_reference("surrogate", "`&#xD800;`, half of a character", "&#xD800;")
_reference("surrogate-decimal", "`&#55357;&#56832;`, a character in two halves", "&#55357;&#56832;")
_reference("beyond-unicode", "`&#x110000;`, one past the last character", "&#x110000;")
_reference("of-5000-digits", "A reference of 5,000 digits", f"&#{'9' * 5_000};")
_reference("nul", "`&#0;`", "&#0;")
_reference("control", "`&#8;` and `&#x9B;`, controls", "&#8;&#x9B;")
_reference("non-character", "`&#xFFFE;`, which is no character", "&#xFFFE;")


@charset(Held(title=RUSSIAN, holds="сорок грузовиков"), purpose="page")
def page_http_against_meta() -> Document:
    """A page in windows-1251, as HTTP says; its meta says UTF-8."""
    made = _russian_page("utf-8")
    return Document(made.encode("cp1251"), "text/html; charset=windows-1251")


@charset(Held(title=RUSSIAN, holds="сорок грузовиков"), purpose="page")
def page_meta_against_http() -> Document:
    """A page in UTF-8, as its meta says; HTTP says windows-1251."""
    return Document(_russian_page("utf-8").encode(), "text/html; charset=windows-1251")


@charset(Held(title=RUSSIAN, holds="сорок грузовиков"), purpose="page")
def page_bom_against_both() -> Document:
    """A page in UTF-16 with a byte order mark; HTTP and meta say something else."""
    return Document(b"\xff\xfe" + _russian_page("koi8-r").encode("utf-16-le"), "text/html; charset=utf-8")


@charset(Held(title=RUSSIAN, holds="сорок грузовиков"), purpose="page")
def page_with_nuls() -> Document:
    """A page in UTF-8 with a NUL in every paragraph: libxml2 would end there."""
    return Document(_russian_page("utf-8").replace("<p>", "<p>\x00"), "text/html; charset=utf-8")


def _russian_page(label: str) -> str:
    prose = "".join(
        f"<p>{line}</p>"
        for line in (
            "В понедельник утром портовая контора открыла ворота, и к полудню на причале стояли сорок грузовиков с сеном, "
            "мукой и оконным стеклом, которых островитяне ждали с тех пор, как ветер повернул на север.",
            "Лоцманы, вышедшие на рассвете промерить фарватер, нашли на два метра больше песка, чем осенью, поэтому первое "
            "судно ушло с половиной груза и водолазом на борту.",
            "Компания обещает три рейса в день, пока не разойдётся очередь, и каждый вечер будет сообщать, сколько машин "
            "ещё стоит на берегу и как долго ждёт последняя из них.",
        )
    )
    body = page(RUSSIAN, prose=prose, charset=label).body
    assert isinstance(body, str)
    return body
