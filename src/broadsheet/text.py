"""Text: clean it at the border, take markup off, cut excerpts, count words, make tokens and slugs.

What an article says is kept as Markdown (see extract/body/markdown.py); `plain` gives its prose to whoever counts,
compares or searches words.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

EXCERPT = 300  # characters, the most an excerpt may have
TITLE = 500

# Characters that no text needs and that break XML, YAML, PostgreSQL or the direction of a line: C0 and C1 but for
# tab and newline, surrogates, non-characters, bidi overrides and isolates (CVE-2021-42574), BOM, soft hyphen.
_BAD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufff9-\uffff\ud800-\udfff]"
)
# Non-characters above U+FFFF, said by what is allowed: the first range holds nearly all, and one look-up is enough.
_BAD_ABOVE = re.compile(
    "[^\x00-\U0001fffd" + "".join(f"{chr(p << 16)}-{chr((p << 16) + 0xFFFD)}" for p in range(2, 17)) + "]"
)
# What most text is made of: characters of which none is bad, combines, or has another form in NFC, and whose only white
# space is this. Text of these alone needs no more than one look (2 ns a character).
_SPACE = "\t\n\r \xa0"
_CALM = re.compile(
    f"[{_SPACE}!-~\xa1-\xac\xae-\u02ff\u0375-\u037d\u0384-\u0386\u0388-\u0482\u048a-\u0589\u05d0-\u05f4\u0621-\u064a\u0660-\u066f"
    "\u0671-\u06d3\u200c\u200d\u2010-\u2027\u2030-\u205e\u2070-\u20bf\u2100-\u2125\u2127-\u2129\u212c-\u2328\u232b-\u2adb\u2add-\u2bff\u3001-\u3029\u3041-\u3096"
    "\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\ufe0f\uff01-\uffee\U0001f300-\U0001faff]*+"
)
_RARE_SPACE = re.compile(rf"[^\S{_SPACE}]")
# A run that may hold combining marks only: ordering them is quadratic in their number (Unicode Annex 15, section 13).
_MARKS = re.compile(r"[^\w\s!-~]{31,}")
# What is never closed runs to the end, as in a browser; that, and tags that hold no `<`, keep these linear in the text.
_SCRIPT = re.compile(
    r"<(?:!--.*?(?:-->|\Z)|(?=[sStTnN])(?i:(script|style|template|noscript|svg)\b[^<>]*>.*?(?:</\1\s*>|\Z)))", re.DOTALL
)
_BREAKS = "p|div|br|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|figure|pre|dd|dt"
_BLOCK = re.compile(rf"</?(?:{_BREAKS})\b[^<>]*>")
_BLOCK_IN_ANY_CASE = re.compile(_BLOCK.pattern, re.IGNORECASE)
_UNUSUAL = re.compile(r"<(?:[!A-Z]|/[A-Z]|s(?:cr|ty|vg)|te|no)")  # what asks for the slow expressions
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,31};?|#[xX][0-9a-fA-F]{1,31};?|[a-zA-Z][a-zA-Z0-9]{0,31};?)")
# Vowel signs and other marks that are written on letters belong to the word (Unicode Annex 29, WB4); `\w` has none.
_SIGNS = "".join(
    chr(code)
    for code in (*range(0x300, 0x1D00), *range(0xA800, 0xAC00))
    if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
_LETTERS = rf"\w[\w{_SIGNS}]*+"
WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*")
# Scripts written without spaces: each character counts as half a word and pairs of characters are tokens.
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f\U00020000-\U0002fa1f]")
_CJK_RUN = re.compile(f"{_CJK.pattern}+")
# Marks of Markdown as we write it: of the beginning of a line, of a caption, of the end of a cell.
_MARK = re.compile(r" {0,60}(?:[-*+]|[0-9]{1,9}[.)]) +|#{1,6} +|> ?")
_CAPTION = re.compile(r"\*((?:[^*\\]|\\.)+)\*")
_CELL_END = re.compile(r"(?<!\\) ?\| ?")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_FENCE = re.compile(r"`{3,}")
_INDENT = re.compile(r" {1,60}(?=[-*+] |[0-9]{1,9}[.)] )")
# A sentence's last character with the quotes that close after it; scripts with full stops of their own need no space.
_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*(?=\s|$)|[。！？｡؟۔।॥።։။၊]['\"”’»」』）)]*")
_BEFORE_A_SENTENCE = frozenset('.!?:…"“”«»„')
_LAST_WORD = re.compile(r"([\w.’'-]+)\.$")
# After these a full stop ends no sentence, in the languages that have them.
_SHORT = re.compile(
    "mr|mrs|ms|dr|prof|rev|hon|st|sr|jr|gen|col|lt|capt|sgt|sen|rep|gov|pres|inc|ltd|co|corp|dept|vs|etc|"
    "approx|est|fig|no|nos|vol|jan|feb|apr|aug|sept|oct|nov|dec|bzw|ca|evtl|ggf|inkl|nr|str|tel|usw|vgl|"
    "zzgl|abs|av|bl|env|m|mm|mme|mlle|cf|art|sra|sres|dña|ing|lic|núm|pág|dott|sig|ecc|ул|г|гг|млн|млрд|"
    "тыс|руб|им|проф|стр|т|д|п"
)


def clean(text: str) -> str:
    """One line of safe text: bad characters dropped, NFC, every run of white space one space, trimmed."""
    return " ".join((text if _CALM.fullmatch(text) else _safe(text.replace("\x85", " "))).split())


def clean_paragraphs(text: str) -> str:
    """Like clean, but a blank line (or a line end) between paragraphs stays, as one blank line."""
    if not _CALM.fullmatch(text):
        text = _safe(text.replace("\x85", "\n"))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.replace("\t", " ").replace("\xa0", " ").split("\n")
    return "\n\n".join([" ".join(kept.split()) if "  " in kept else kept for line in lines if (kept := line.strip())])


def clean_lines(text: str) -> str:
    """Code: bad characters dropped, its lines and their indents as they are, no blank lines around it."""
    lines = _safe(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")).replace("\xa0", " ").split("\n")
    kept = [line.rstrip() for line in lines]
    return "\n".join(kept[next((n for n, line in enumerate(kept) if line), len(kept)) :]).rstrip("\n")


def clean_markdown(markdown: str) -> str:
    """Markdown with bad characters dropped, each block as it is, blocks parted by one blank line. Idempotent."""
    if not _CALM.fullmatch(markdown):
        markdown = _safe(markdown.replace("\x85", "\n"))
    if "\r" in markdown:
        markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    kept: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        if fence:
            fence = "" if line == fence else fence
            kept.append(line)
        elif opening := _FENCE.match(line):
            fence = opening[0]
            kept.append(fence)
        elif said := line.strip():
            indent = _INDENT.match(line)
            kept.append((indent[0] if indent else "") + " ".join(said.split()))
        elif kept and kept[-1]:
            kept.append("")
    if fence:
        kept.append(fence)
    return "\n".join(kept).strip("\n")


def blocks(markdown: str) -> list[str]:
    """Its blocks, what is parted by a blank line; the blank lines of code part nothing."""
    if "```" not in markdown:
        return [block for block in markdown.split("\n\n") if block]
    found: list[list[str]] = []
    fence = ""
    for part in markdown.split("\n\n"):
        if fence:
            found[-1].append(part)
            ended = part == fence
        elif part:
            found.append([part])
            opening = _FENCE.match(part)
            fence, ended = opening[0] if opening else "", False
        if fence and (ended or part.endswith(f"\n{fence}")):
            fence = ""
    return ["\n\n".join(parts) for parts in found]


def plain(markdown: str) -> str:
    """Prose of an article's text: paragraphs parted by a blank line, without marks and escapes.

    An item of a list is a paragraph; code and tables keep their lines, without blank ones, cells parted by ` | `.
    """
    found: list[str] = []
    for block in blocks(markdown):
        if opening := _FENCE.match(block):
            lines = block.removesuffix(f"\n{opening[0]}").split("\n")[1:]
            found.append("\n".join(line for line in lines if line.strip()))
        elif block.startswith("|") and "\n" in block:
            found.append("\n".join(_row(line) for n, line in enumerate(block.split("\n")) if n != 1))
        else:
            found += [_unmarked(line) for line in block.split("\n")]
    return "\n\n".join(filter(None, found))


def _row(line: str) -> str:
    return " | ".join(_unescaped_marks(cell.strip()) for cell in _CELL_END.split(line)[1:-1])


def _unmarked(line: str) -> str:
    if caption := _CAPTION.fullmatch(line):
        return _unescaped_marks(caption[1])
    mark = _MARK.match(line)
    return _unescaped_marks(line[mark.end() :] if mark else line).strip()


def _unescaped_marks(said: str) -> str:
    return _ESCAPED.sub(r"\1", said) if "\\" in said else said


def _safe(text: str) -> str:
    """Without bad characters, in NFC, and with no white space but that of _SPACE."""
    text = _RARE_SPACE.sub(" ", _BAD.sub("", text))
    if _CALM.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", _MARKS.sub(_few_marks, _BAD_ABOVE.sub("", text)))


def _few_marks(found: re.Match[str]) -> str:
    """A run of characters with no more than 30 combining marks one after the other."""
    kept: list[str] = []
    marks = 0
    for char in found.group():
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= 30:
            kept.append(char)
    return "".join(kept)


def unescape(text: str) -> str:
    """Entities to characters, twice where a publisher escaped twice (`&amp;#8217;`), never more."""
    once = _ENTITY.sub(_character, text)
    return _ENTITY.sub(_character, once) if "&" in once and once != text else once


def _character(found: re.Match[str]) -> str:
    return _unescaped(found[0])


@lru_cache(maxsize=512)
def _unescaped(entity: str) -> str:
    return html.unescape(entity)


def from_html(markup: str) -> str:
    """Plain text of a fragment of HTML, paragraphs parted by a blank line. For fragments such as a feed's summary."""
    if "<" not in markup and "&" not in markup:
        return clean_paragraphs(markup)
    if not _TAG.search(markup) and "&lt;" in markup:
        markup = _ENTITY.sub(_character, markup)
    markup = markup.replace("\n", " ").replace("\r", " ")
    if "<" in markup:
        markup = _without_tags(markup)
    return clean_paragraphs(unescape(markup) if "&" in markup else markup)


def _without_tags(markup: str) -> str:
    """A line end for what starts or ends a block, nothing for any other tag."""
    if _UNUSUAL.search(markup):
        markup = _BLOCK_IN_ANY_CASE.sub("\n", _SCRIPT.sub(" ", markup))
    else:
        markup = _BLOCK.sub("\n", markup)
    return _TAG.sub("", markup)


def one_line(markup: str) -> str:
    """Plain text of a title or a name that may carry markup or entities: one line."""
    if "<" not in markup and "&" not in markup:
        return clean(markup)
    return clean(from_html(markup).replace("\n", " "))


def excerpt(text: str, most: int = EXCERPT) -> str:
    """At most `most` characters: whole sentences where one ends beyond the first third, else whole words and `…`."""
    text = clean(text)
    if len(text) <= most:
        return text
    ends = [end for end in sentence_ends(text[: most + 1]) if end <= most]
    if ends and ends[-1] >= most // 3:
        return text[: ends[-1]]
    cut = text[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip(" ,;:–—-") + "…"


def around(field: str, start: int, end: int, most: int) -> str:
    """What stands at `start` to `end`, in brackets, with up to `most` characters on each side; one line."""
    before, after = max(0, start - most), end + most
    marked = f"{field[before:start]}[{field[start:end]}]{field[end:after]}"
    return f"{'…' if before else ''}{' '.join(marked.split())}{'…' if after < len(field) else ''}"


def sentence_ends(text: str) -> list[int]:
    """Where sentences end, as offsets behind their last character (closing quotes included), in any script.

    A full stop after an initial, an abbreviation, an ordinal (`17. März`) or before a small letter ends none.
    """
    ends: list[int] = []
    for match in _SENTENCE_END.finditer(text):
        following = text[match.end() : match.end() + 3].lstrip()[:1]
        if following.islower():
            continue
        if match[0][0] == "." and (word := _LAST_WORD.search(text, max(0, match.start() - 30), match.start() + 1)):
            last = word[1].casefold()
            if len(last) == 1 or "." in last or _SHORT.fullmatch(last) or (last.isdigit() and len(last) <= 2):
                continue
        ends.append(match.end())
    return ends


def count_words(text: str) -> int:
    """Words; two characters of a script without spaces count as one."""
    if text.isascii() or not _CJK.search(text):
        return len(WORD.findall(text))
    spaceless = len(_CJK.findall(text))
    return len(WORD.findall(_CJK.sub(" ", text))) + (spaceless + 1) // 2


def tokens(text: str) -> Iterator[str]:
    """Case-folded words in order; a run of a script without spaces gives its overlapping pairs of characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = WORD.findall(folded)
    return iter(words) if folded.isascii() or not _CJK.search(folded) else _paired(words)


def _paired(words: list[str]) -> Iterator[str]:
    for word in words:
        start = 0
        for run in _CJK_RUN.finditer(word):
            if word[start : run.start()]:
                yield word[start : run.start()]
            chars = run.group()
            yield from (chars[i : i + 2] for i in range(max(1, len(chars) - 1)))
            start = run.end()
        if word[start:]:
            yield word[start:]


def fold(text: str) -> str:
    """For comparing: NFKC, case-folded, everything but letters and digits one space."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def slug(title: str, most: int = 140) -> str:
    """File name part of a title; empty when nothing of it is left (a title in a non-Latin script).

    Lower case, accents stripped by decomposition, all but `[a-z0-9_]`, space and hyphen dropped, runs of space and
    hyphen one `-`; a long slug loses whole words at its end.

    >>> slug("Don't panic: 95% of it — Ünïcode 1.5!")
    'dont-panic-95-of-it-unicode-15'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.lower()) if not unicodedata.combining(c))
    joined = re.sub(r"[ \t\r\n-]+", "-", re.sub(r"[^a-z0-9_ \t\r\n-]", "", plain)).strip("-")
    if len(joined) <= most:
        return joined
    cut = joined[: most + 1]
    return cut[: cut.rfind("-")] if "-" in cut else joined[:most]


def starts_sentence(text: str, at: int) -> bool:
    """Whether the word at this place begins a line, a sentence or a quotation, so that a capital there says nothing."""
    before = text[max(0, at - 4) : at].rstrip(" '‘(")
    return not before or before[-1] in _BEFORE_A_SENTENCE


def without_elision(word: str) -> str:
    """`l'accord` -> accord, `volant's` -> volant."""
    head, _, tail = word.replace("’", "'").partition("'")
    return head if len(tail) <= 2 else tail if len(head) <= 2 else word
