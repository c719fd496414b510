"""What each sign weighs. The score is the chance that a page is an article, by the sum of its signs (a logistic model).

Fitted on 2026-11-24 by logistic regression with L2 (C = 1), each weight held to the side of zero that its sign is meant
for, which left out signs that did not help; rounded to two digits. Data: 1,497 pages of seven kinds from 1,237 sites
(793 articles; documentation, forums, lists, shops, services), each read without its address (weight 1), with it (1/2),
and both without JSON-LD (1/4 each), and 105 articles of 78 publishers in many countries (1/4 to 1/2). Fitting them
again: `python -m benchmarks._fit`.

Eightfold cross-validation by site (registrable domain), pages without address: at .25 precision .874, recall .966, F1
.918; at .5 .937, .919, .928. With the address at .25: .880, .970, .922. Of the publishers' articles all are kept, without
JSON-LD too. On a quarter of the sites, kept apart until the signs were settled, F1 at .25 was .926 (recall .960).
Expected calibration error in ten bins .012: of 128 pages with scores of .2 to .5, .33 in the mean, 35 % are articles.
"""

from __future__ import annotations

from ...types import Struct

LEAST = 0.25  # score of an article: one that is lost is three times as bad as a list that is let in
INTERCEPT = -2.91  # log-odds of a page without any sign


class Sign(Struct, frozen=True):
    """weight: log-odds of a full measure. full: what a full measure is. page_is: how a refusal says it, of signs against."""

    weight: float
    full: str
    page_is: str = ""


TABLE = {
    "forum address": Sign(
        -3.17,
        "a part of the address is a forum's (`/threads/`, `/viewtopic`, host `community.`)",
        "a forum by its address",
    ),
    "documentation address": Sign(
        -2.36, "a part of the address is a manual's (`/docs/`, `/2.1/`, host `wiki.`)", "documentation by its address"
    ),
    "forum type": Sign(-2.12, "schema.org type of a thread or of questions with answers", "a forum by its own markup"),
    "shop type": Sign(-1.96, "schema.org or Open Graph type of what is sold", "a shop's offer by its own markup"),
    "service address": Sign(
        -1.91,
        "a part of the address is a service's or a firm's own (`/services/`, `/contact/`, `/kontakt/`)",
        "a firm's own page by its address",
    ),
    "home address": Sign(-1.80, "the address has no path, or one part of at most three characters", "a home page"),
    "posts": Sign(
        -1.75,
        "12 names of parts of a forum (`reply`, `avatar`, `vote`) on blocks that stand three times or more; logarithmic",
        "a row of posts",
    ),
    "list address": Sign(
        -1.63, "a part of the address is a list's (`/tag/`, `/kategorie/`, `/page/2`)", "a list by its address"
    ),
    "links": Sign(-1.58, "all characters are links; the share of them", "{list}"),
    "shop address": Sign(-1.56, "a part of the address is a shop's (`/product/`, `/tienda/`)", "a shop by its address"),
    "many days": Sign(-1.45, "22 different days are named, two are no sign; logarithmic", "{dated}"),
    "shop parts": Sign(
        -1.26, "30 names of parts of a shop (`cart`, `price`, `sku`); logarithmic", "a shop by its parts"
    ),
    "users": Sign(-1.20, "30 links to users; logarithmic", "a forum with {users} links to users"),
    "pages": Sign(-1.15, "it is cut into numbered pages", "one of the pages of a list"),
    "filters": Sign(-0.99, "10 names of parts that filter or sort; logarithmic", "a list with filters"),
    "service type": Sign(
        -0.88,
        "schema.org or Open Graph type of a service, a firm, a job, an event, a person, a contact page",
        "a service, a person or an event by its own markup",
    ),
    "code": Sign(-0.88, "50 pieces of code; logarithmic", "full of code"),
    "documentation program": Sign(
        -0.81, "its `generator` is one (Sphinx, MkDocs, MediaWiki)", "made by a program for documentation"
    ),
    "buttons": Sign(-0.77, "60 buttons; logarithmic", "full of buttons"),
    "money": Sign(-0.67, "30 signs of currencies; logarithmic", "full of prices"),
    "plain page type": Sign(-0.60, "schema.org type `WebPage` and none of an article", "no article by its own markup"),
    "short title": Sign(
        -0.51, "the title has at most three words", "named in a word or two, as lists and firms' own pages are"
    ),
    "forum program": Sign(-0.51, "its `generator` is one (Discourse, phpBB)", "made by a program for forums"),
    "edit links": Sign(-0.43, "a link to edit it", "a page that anybody may edit"),
    "list type": Sign(-0.37, "schema.org type of a collection, a list, a search", "a list by its own markup"),
    "heading in title": Sign(0.29, "a main heading and the title element hold one another"),
    "open graph article": Sign(0.46, "`og:type` is an article"),
    "published": Sign(0.69, "JSON-LD, Open Graph or microdata say when it was published"),
    "author": Sign(0.81, "JSON-LD, Open Graph, microdata or a meta name who wrote it"),
    "long title": Sign(0.91, "the title has 12 words; the share of them"),
    "words": Sign(0.94, "the text has 1,500 words; logarithmic"),
    "article type": Sign(0.95, "schema.org type of an article, in JSON-LD or microdata"),
    "prose": Sign(1.00, "15 paragraphs of at least 25 words; logarithmic"),
    "one article element": Sign(1.00, "exactly one `article` element"),
    "length of paragraphs": Sign(1.18, "40 words a paragraph, in the mean; the share of them"),
    "captions": Sign(1.23, "a picture with a caption (`figcaption`)"),
    "share links": Sign(1.26, "a link that shares it on a network"),
    "news address": Sign(1.30, "a part of the address is news' or a blog's (`/news/`, `/noticias/`, host `blog.`)"),
    "dateline parts": Sign(1.35, "8 names of parts of a dateline (`byline`, `author`, `timestamp`); logarithmic"),
    "day in address": Sign(1.36, "the address holds a year and a month"),
    "day near heading": Sign(1.55, "a day is named within 16 pieces of text behind the main heading"),
    "headline in address": Sign(1.95, "six hyphens in the last part of the address; the share of them"),
    "listed": Sign(
        2.80,
        "a source lists it; not fitted: nineteen of twenty entries of feeds are articles, and half of the pages above",
    ),
}
