"""What elements are called: the sense of the words in a class, an id or a role, as signs with names."""

from __future__ import annotations

import re
from functools import lru_cache

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
BITS = {name: 1 << place for place, name in enumerate(CALLED)}
_MEANING: dict[str, int] = {}
for _name, _words in CALLED.items():
    for _word in _words.split():
        _MEANING[_word] = _MEANING.get(_word, 0) | BITS[_name]
for _name, _pairs in _PAIRS.items():
    for _pair in _pairs.split("|"):
        _MEANING[_pair] = _MEANING.get(_pair, 0) | BITS[_name]
_TOKEN = re.compile(r"[A-Z]?[a-zäéñ]+|[A-Z]+(?![a-z])")


def called(said: str) -> int:
    """Bits of what the words of a class, an id or a role mean."""
    bits = 0
    for name in said[:300].split():
        bits |= _meaning(name)
    return bits


@lru_cache(maxsize=4_096)
def _meaning(name: str) -> int:
    """The same of one name. The pages of a site have a few thousand of them."""
    bits = 0
    before = ""
    for token in _TOKEN.findall(name):
        word = token.lower()
        if bit := _MEANING.get(word):
            bits |= bit
        if before and (bit := _MEANING.get(f"{before} {word}")):
            bits |= bit
        before = word
    return bits
