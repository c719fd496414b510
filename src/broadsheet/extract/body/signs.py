"""What speaks for or against a block of a page being part of its text: signs with names, read from a walk.

A sign says something of the block itself (its length, how it ends, what it says), of where it stands (what elements it
is in, and what their classes call them), or of what is around it (what its container, its neighbours and the blocks
that look like it hold). Nothing here depends on a language but for a table of words that pages use around their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .walk import PLACES, Node, Seen, Walk

# What the words in classes, ids and roles mean, whatever their language of programming. Two words: one after the other.
CALLED = {
    "ad": "ad ads advert advertisement advertising adslot adsense dfp advertorial werbung publicidad anzeige",
    "sponsor": "sponsored sponsor partner partners affiliate outbrain taboola",
    "promo": "promo promotion promos cta ctas banner deals offer upsell teaser teasers announcement trial demo",
    "nav": "nav navbar navigation menu menus submenu megamenu mega menuitem menubar burger hamburger dropdown flyout flyouts subnav topnav topbar sidenav navgroup folder",
    "breadcrumb": "breadcrumb breadcrumbs crumb crumbs",
    "footer": "footer foot colophon contentinfo copyright sitemap bottom",
    "header": "header masthead head hdr subheader banner",
    "hero": "hero cover jumbotron",
    "aside": "sidebar complementary aside rail secondary tertiary sidepanel side",
    "comment": "comment comments respond reply replies disqus commentform commentlist discussion reactions bypostauthor kommentare comentarios",
    "author": "author authors byline bylines bio biography avatar contributor vcard writer autor auteur profile signature",
    "share": "share sharing social socials sharedaddy facebook twitter instagram whatsapp follow bookmark",
    "related": "related recommended recommendation recommendations similar readmore also suggested ähnlich relacionadas",
    "more": "more",
    "popular": "trending popular recent latest hot newest mostread ticker",
    "newsletter": "newsletter newsletters subscribe signup subscription optin subscriber mailchimp subscribers",
    "consent": "cookie cookies consent gdpr onetrust privacy iab policy",
    "popup": "modal popup popover overlay dialog drawer lightbox backdrop pum popmake toast tooltip",
    "account": "login signin register account auth guest user users sign members",
    "form": "form forms field fields input gform gfield checkbox validation required radio optin submit sublabel",
    "cart": "cart checkout wishlist basket quantity",
    "price": "price prices pricing sale discount",
    "meta": "meta date time published timestamp dateline updated count info datetime publish",
    "tags": "tags taxonomy topics categories category keywords topic terms",
    "tag": "tag",
    "card": "card cards tile tiles grid carousel slider swiper slick slide slides scroller",
    "item": "item items listitem",
    "list": "list listing lists results directory",
    "row": "row column columns col flex",
    "caption": "caption figcaption captions",
    "credit": "credit credits source sources copyright byuser",
    "media": "image figure photo picture media thumbnail gallery",
    "video": "video player podcast audio",
    "widget": "widget widgets textwidget embed embedded module block",
    "search": "search searchbar filter filters sort facet facets",
    "pager": "pagination pager prev previous next",
    "button": "button btn buttons btns",
    "link": "link links linklist",
    "icon": "icon icons arrow close",
    "logo": "logo logos branding tagline slogan",
    "unseen": "hidden visually invisible offscreen screenreader hide reader",
    "mobile": "mobile",
    "toggle": "toggle collapse collapsed collapsible expand switcher",
    "tab": "tab tabs tabpanel tablist",
    "text": "text txt copy",
    "body": "body",
    "content": "content contents",
    "main": "main primary",
    "prose": "prose rte wysiwyg markdown richtext rich formatted paragraph paragraphs para markup cms",
    "article": "article articles story news artikel articulo noticia",
    "post": "post entry hentry blog single",
    "articlebody": "articlebody storybody bodytext maintext storycontent articletext articlecontent postbody",
    "lead": "lead lede standfirst subtitle deck dek intro abstract subheadline kicker chapeau entradilla vorspann teasertext",
    "summary": "summary summaries excerpt description desc highlights takeaways key",
    "title": "title headline heading headings",
    "quote": "quote blockquote pullquote testimonial testimonials",
    "faq": "faq faqs accordion question questions answer answers",
    "product": "product products pdp specs specification specifications features shop variant",
    "review": "review reviews rating ratings stars score",
    "thread": "thread threads message messages topic forum cooked posts postbody",
    "toc": "toc",
    "paywall": "paywall premium metered subscriberonly",
    "live": "live liveblog update updates",
    "legal": "disclaimer disclosure legal notice notices disclaimers",
    "contact": "contact contacts address phone email tel",
    "box": "box infobox factbox aside callout alert note panel",
    "tool": "print download toolbar tool tools actions controls settings utility feedback help version",
    "note": "footnote footnotes references reference citation bibliography",
    "code": "code highlight snippet pre",
    "language": "lang language languages locale country translate region",
    "children": "children child ancestor depth current",
    "wp": "wp wpb elementor",
    "table": "table tables",
    "error": "error noscript nojs loading robots fail",
    "embed": "tweet instagram iframe oembed",
    "section": "section wrapper container inner wrap layout",
}
_PAIRS = {
    "articlebody": "article body|story body|entry content|post content|article content|article text|post body|body text|story text|article copy|body content|body copy|story content|main content|blog content|news content|page content|news text|single content|content body|text body|post text",
    "toc": "table contents|on page|page contents",
    "more": "read more|see also|read next|more from|also read|most read",
    "unseen": "sr only|screen reader|d none",
    "lead": "sub title|sub headline",
    "newsletter": "sign up|mailing list",
    "share": "share bar|social share",
}  # fmt: skip
_BIT = {name: 1 << place for place, name in enumerate(CALLED)}
_MEANING: dict[str, int] = {}
for _name, _words in CALLED.items():
    for _word in _words.split():
        _MEANING[_word] = _MEANING.get(_word, 0) | _BIT[_name]
for _name, _pairs in _PAIRS.items():
    for _pair in _pairs.split("|"):
        _MEANING[_pair] = _MEANING.get(_pair, 0) | _BIT[_name]
_TOKEN = re.compile(r"[A-Z]?[a-zäéñ]+|[A-Z]+(?![a-z])|\s")

# What pages say around their text, in the languages that most of the news is in.
SAYS = {
    "consent": r"cookie|gdpr|privacy policy|datenschutz|confidentialité|privacidad",
    "subscribe": r"newsletter|subscribe|sign[- ]?up|log ?in\b|sign in|subscription|abonn|suscr[ií]|iscriviti|assine|register|anmelden|订阅|訂閱|登録|購読|подпис|구독",
    "more": r"^(?:read (?:more|also|next|on|the)|more (?:from|on|about|stories|news)|also read|see also|related|recommended|you (?:may|might)|lesen sie|mehr (?:zum|lesen|zu)|lire aussi|à lire|leer (?:más|también)|lee también|leggi anche|leia (?:também|mais)|läs (?:mer|även)|les også|lees (?:ook|meer)|czytaj|читайте|相关|相關|関連|あわせて|더 보기|관련|اقرأ|ilgili|daha fazla|continue reading|don't miss|most (?:read|popular)|trending|what to read|up next|watch:|read:|latest)",
    "advertisement": r"^(?:advertisement|advert|ad|anzeige|werbung|publicité|publicidad|pubblicità|annonse?|reklam[ay]?|реклама|広告|광고|sponsored|story continues|article continues|continue after|continua)",
    "share": r"\b(?:share|follow us|facebook|whatsapp|twitter|instagram|telegram|linkedin|pinterest|teilen|partager|compartir|condividi|google news|tweet|copy link)\b|シェア|分享|공유",
    "comment": r"\bcomments?\b|kommentar|commentaire|comentario|\breply\b|评论|評論|コメント|댓글|комментари",
    "credit": r"(?:photo|image|picture|foto|bild|fot|imagem|immagine|crédit|credit|quelle|source|fuente|getty|reuters|afp|dpa|shutterstock|istock|unsplash)\s*(?:[:/|©(]|images|by\b)|getty images|写真|图片|圖|사진|фото:|©",
    "rights": r"all rights reserved|alle rechte|tous droits|derechos reservados|copyright|©|\(c\) ?(?:19|20)\d\d|保留|無断|terms of (?:use|service)|저작권",
    "by": r"^(?:by|von|par|por|da|di|av|af|door|автор|written by|text|reporting by|editing by|edited by)[:\s]",
    "time": r"\b\d{1,2}[:.h]\d\d\b|(?:19|20)\d\d\b.{0,12}$|\b(?:ago|min(?:utes)? read|updated|published|posted|aktualisiert|publi[ée]|publicado|hours?|uhr)\b",
    "click": r"click here|tap here|download|contact us|get started|learn more|shop now|buy now|add to (?:cart|bag)|book (?:a|now)|call us|view (?:all|more)|see all|show more|load more|free trial|hier klicken|en savoir|saber más",
    "money": r"[$€£¥₹]\s?\d|\d\s?(?:€|kr|zł|usd|eur)\b",
    "address": r"@[\w.]+\.\w|\bhttps?://|www\.|\+?\d[\d ()-]{8,}\d",
    "agency": r"^\(?(?:reuters|ap|afp|dpa|efe|ansa|xinhua|tass|ians|pti)\)?$",
    "author": r"\b(?:is a (?:\w+ ){0,3}(?:writer|reporter|journalist|editor|author|contributor|correspondent|freelance)|about the author|correspondent|follow (?:him|her|me|them)|staff writer|contributed to this)",
}  # fmt: skip
_SAYS = [(f"says {name}", re.compile(pattern, re.IGNORECASE)) for name, pattern in SAYS.items()]
_CHECKED = 400  # characters of a block that are looked at for these words: what says more is prose

_ENDS = tuple(".!?…。！？؟।۔")
_CLOSING = "\"'”’»)]」』）】›"
_DIGITS = re.compile(r"\d")
_STARTS = re.compile(r"^[•·\-–—*→►▶»›|+#@✓✔©]")
_WIDTH = (1, 3, 6, 11, 19, 39, 79)  # words, the most in each bin
_SHARES = (0.0, 0.05, 0.15, 0.35, 0.6, 0.85)
_LINKED = (0.0, 0.2, 0.5, 0.85)
_FAR = (0, 1, 3, 8)
PROSE = 12  # words of a block that reads as prose


def _bin(value: float, bins: tuple[float, ...]) -> int:
    place = 0
    for most in bins:
        if value <= most:
            return place
        place += 1
    return place


def called(said: str) -> int:
    """Bits of what the words of a class, an id or a role mean."""
    bits = 0
    before = ""
    for token in _TOKEN.findall(said[:300]):
        word = token.lower()
        if bit := _MEANING.get(word):
            bits |= bit
        if before and (bit := _MEANING.get(f"{before} {word}")):
            bits |= bit
        before = "" if word.isspace() else word
    return bits


def ends_sentence(text: str) -> bool:
    """Whether text ends as a sentence does, in any script."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def is_prose(block: Seen) -> bool:
    """A block of some length, little of it links: what texts are made of, and little else is."""
    return (
        block.words >= PROSE and block.linked * 3 < len(block.text) and (block.words >= 30 or ends_sentence(block.text))
    )


class _Sums:
    """Words, prose, characters and linked characters under each node, itself and all below it."""

    def __init__(self, walk: Walk, prose: list[int]) -> None:
        nodes = walk.nodes
        size = len(nodes)
        self.prose = [0] * size
        self.chars = [0] * size
        self.linked = [0] * size
        self.blocks = [0] * size
        self.pictures = [0] * size
        for place in walk.pictures:
            self.pictures[place] += 1
        for block, mass in zip(walk.blocks, prose, strict=True):
            self.prose[block.node] += mass
            self.chars[block.node] += len(block.text)
            self.linked[block.node] += block.linked
            self.blocks[block.node] += 1
        for place in range(size - 1, 0, -1):
            above = nodes[place].parent
            self.prose[above] += self.prose[place]
            self.chars[above] += self.chars[place]
            self.linked[above] += self.linked[place]
            self.blocks[above] += self.blocks[place]
            self.pictures[above] += self.pictures[place]


Place = tuple[int, int, int]


def read(walk: Walk, title: str, description: str) -> list[tuple[Place, list[str]]]:
    """For each block of the walk: its place, which `place_names` tells in words, and the other signs that it shows."""
    nodes, blocks = walk.nodes, walk.blocks
    prose = [block.words if is_prose(block) else 0 for block in blocks]
    total = sum(prose) or 1
    sums = _Sums(walk, prose)
    near, far = _callings(nodes)
    core = _core(nodes, sums.prose, total)
    inside, branch = _inside(nodes, core)
    heading = title.casefold()
    told = description.casefold()
    looks: dict[tuple[str, str, str], int] = {}
    depths: dict[int, int] = {}
    times: dict[str, int] = {}
    listed = 0
    for block, mass in zip(blocks, prose, strict=True):
        look = _look(nodes, block)
        looks[look] = looks.get(look, 0) + mass
        depth = nodes[block.node].depth
        depths[depth] = depths.get(depth, 0) + mass
        times[block.text] = times.get(block.text, 0) + 1
        if nodes[block.node].within & PLACES["li"]:
            listed += mass
    lists = _bin(listed / total, (0.0, 0.05, 0.15, 0.35))
    article = _articles(nodes)
    titled = _titled(blocks, heading)
    main = article[blocks[titled].node] if titled >= 0 else -1
    first = next((i for i, mass in enumerate(prose) if mass and inside[blocks[i].node] >= 0), 0)
    last = next((i for i in range(len(prose) - 1, -1, -1) if prose[i] and inside[blocks[i].node] >= 0), 0)
    kinds = [_kind(block, mass) for block, mass in zip(blocks, prose, strict=True)]
    until = _until(prose)
    page = _bin(total, (30, 100, 250, 600, 1500))
    since = heads = 0
    signs = []
    for i, block in enumerate(blocks):
        node = nodes[block.node]
        names = list(_own(block, node, heading, told))
        width = _bin(block.words, _WIDTH)
        parent = max(node.parent, 0)
        grand = max(nodes[parent].parent, 0)
        deep = inside[block.node]
        names += (
            f"look {_bin(looks[_look(nodes, block)] / total, _SHARES)}",
            f"depth {_bin(depths[node.depth] / total, _SHARES)}",
            f"in parent {_bin(sums.prose[parent] / total, _SHARES)}",
            f"in grandparent {_bin(sums.prose[grand] / total, _SHARES)}",
            f"parent linked {_bin(sums.linked[parent] / (sums.chars[parent] or 1), _LINKED)}",
            f"grandparent linked {_bin(sums.linked[grand] / (sums.chars[grand] or 1), _LINKED)}",
            f"page {page} width {min(width, 5)}",
            f"place {5 * i // len(blocks)}",
            f"before {kinds[i - 1] if i else 'none'}",
            f"after {kinds[i + 1] if i + 1 < len(kinds) else 'none'}",
            f"two before {kinds[i - 2] if i > 1 else 'none'}",
            f"two after {kinds[i + 2] if i + 2 < len(kinds) else 'none'}",
            f"since prose {_bin(since, _FAR)} until {_bin(until[i], _FAR)}",
        )
        if deep >= 0:
            amid = "ahead" if i < first else "behind" if i > last else "amid"
            share = _bin(sums.prose[branch[block.node]] / total, _SHARES)
            names += (f"core {amid} deep {min(deep, 4)}", f"branch {share} deep {min(deep, 3)}")
            if node.within & PLACES["li"]:
                names.append(f"list {amid} of {lists} linked {_bin(block.linked / len(block.text), _LINKED)}")
            if node.within & PLACES["aside"]:
                names.append(f"aside {amid} {share}")
        if sums.pictures[parent] and sums.blocks[parent] <= 3:
            names.append(f"beside a picture width {min(width, 5)} of {min(sums.blocks[parent], 3)}")
        if times[block.text] > 1:
            names.append(f"repeated width {min(width, 4)}")
        if titled >= 0:
            names.append("past the title" if i > titled else "ahead of the title" if i < titled else "the title")
        if main >= 0:
            own = article[block.node]
            names.append(
                "in the title's article" if own == main else "in another article" if own >= 0 else "in no article"
            )
        if block.tag == "h1":
            heads += 1
        names.append(f"heads {min(heads, 2)}")
        signs.append(((near[block.node], far[block.node], node.within), names))
        since = 0 if prose[i] else since + 1
    return signs


def _articles(nodes: list[Node]) -> list[int]:
    """The innermost article element that each node is in, -1 for none."""
    found: list[int] = []
    for place, node in enumerate(nodes):
        found.append(place if node.tag == "article" else found[node.parent] if node.parent >= 0 else -1)
    return found


def _titled(blocks: list[Seen], title: str) -> int:
    """The block that is the page's title, -1 where none is: an h1 before any other heading."""
    best = -1
    for i, block in enumerate(blocks):
        if block.tag == "h1" or (block.tag == "h2" and best < 0):
            folded = block.text.casefold()
            if title and (folded == title or (len(folded) > 15 and (folded in title or title in folded))):
                if block.tag == "h1":
                    return i
                best = i
    return best


def _until(prose: list[int]) -> list[int]:
    """How many blocks lie between each block and the next of prose."""
    ahead = len(prose)
    counts = [0] * len(prose)
    for i in range(len(prose) - 1, -1, -1):
        counts[i] = ahead
        ahead = 0 if prose[i] else ahead + 1
    return counts


def _look(nodes: list[Node], block: Seen) -> tuple[str, str, str]:
    """Blocks that look alike are of one kind: same element and class in a parent of the same class."""
    node = nodes[block.node]
    return node.tag, node.said, nodes[node.parent].said if node.parent >= 0 else ""


def _kind(block: Seen, mass: int) -> str:
    if mass:
        return "prose"
    if block.tag[0] == "h" and block.tag[1:].isdigit():
        return "heading"
    if block.linked * 2 > len(block.text):
        return "links"
    return "line" if block.words > 5 else "words"


def _callings(nodes: list[Node]) -> tuple[list[int], list[int]]:
    """What each node and the two above it are called, and what those further above are called."""
    memory: dict[str, int] = {}
    own: list[int] = []
    near: list[int] = []
    far: list[int] = []
    whole: list[int] = []
    for node in nodes:
        said = node.said
        bits = memory.get(said)
        if bits is None:
            bits = memory[said] = called(said)
        own.append(bits)
        if node.parent < 0:
            near.append(0)
            far.append(0)
            whole.append(0)
            continue
        parent = node.parent
        above = nodes[parent].parent
        near.append(bits | own[parent] | (own[above] if above >= 0 else 0))
        beyond = nodes[above].parent if above >= 0 else -1
        far.append(whole[beyond] if beyond >= 0 else 0)
        whole.append(whole[parent] | bits)
    return near, far


def place_names(place: Place) -> list[str]:
    near, far, within = place
    names = [f"near {name}" for name, bit in _BIT.items() if near & bit]
    names += [f"far {name}" for name, bit in _BIT.items() if far & bit]
    names += [f"in {tag}" for tag, bit in PLACES.items() if within & bit]
    return names


def _core(nodes: list[Node], prose: list[int], total: int) -> int:
    """The deepest node that holds most of the page's prose."""
    best = 0
    for place, mass in enumerate(prose):  # a parent comes before its children
        if mass * 10 >= total * 6 and nodes[place].depth > nodes[best].depth:
            best = place
    return best


def _inside(nodes: list[Node], core: int) -> tuple[list[int], list[int]]:
    """How far below the core each node is, -1 for what is not in it; and the child of the core that it is in."""
    depths = [-1] * len(nodes)
    branch = [core] * len(nodes)
    depths[core] = 0
    for place in range(core + 1, len(nodes)):
        above = nodes[place].parent
        if depths[above] >= 0:
            depths[place] = depths[above] + 1
            branch[place] = place if above == core else branch[above]
    return depths, branch


def _own(block: Seen, node: Node, title: str, description: str) -> Iterator[str]:
    text = block.text
    width = _bin(block.words, _WIDTH)
    yield f"width {width} linked {_bin(block.linked / len(text), _LINKED)}"
    yield f"tag {node.tag}" if node.tag in PLACES or (node.tag[0] == "h" and len(node.tag) == 2) else "tag other"
    low = text[:_CHECKED]
    ends = "sentence" if ends_sentence(text) else "colon" if text[-1] in ":：" else "else"
    yield f"ends {ends} width {width}"
    commas = low.count(",") + low.count("、") + low.count("，") + low.count("،")
    yield f"commas {min(commas, 3)} width {min(width, 4)}"
    if _STARTS.match(text):
        yield "starts with a mark"
    elif text[0].islower():
        yield "starts small"
    elif text[0].isdigit():
        yield "starts with a digit"
    if "|" in low or " · " in low or " • " in low or " / " in low:
        yield "parted"
    if block.words <= 8:
        if any(char.isdigit() for char in low):
            yield "short with digits"
        if low.isupper():
            yield "capitals"
    if block.bold:
        yield f"bold width {min(width, 4)}"
    if block.words <= 60:
        short = "short" if block.words < 12 else "long"
        for name, pattern in _SAYS:
            if pattern.search(low):
                yield f"{name} {short}"
    folded = text.casefold()
    if title and len(folded) > 3 and (folded == title or (len(folded) > 15 and (folded in title or title in folded))):
        yield "title"
    if description and len(folded) > 25 and (folded[:80] in description or description[:80] in folded):
        yield "description"
