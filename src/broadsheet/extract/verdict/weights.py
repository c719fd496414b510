"""What each sign weighs. The score is the chance that a page is an article, by the sum of its signs (a logistic model).

Fitted on 2026-11-24 by logistic regression with L2 (C = 1), each weight held to the side of zero that its sign is meant
for, which left out signs that did not help; rounded to two digits. Data: 1,497 pages of seven kinds from 1,237 sites
(793 articles; documentation, forums, lists, shops, services), each read without its address (weight 1), with it (1/2),
and both without JSON-LD (1/4 each), and 105 articles of 78 publishers in many countries (1/4 to 1/2). Fitting them
again: `python -m benchmarks._fit`.

Eightfold cross-validation by site (registrable domain), pages without address: at .25 precision .879, recall .970, F1
.922; at .5 .930, .923, .927. Expected calibration error in ten bins .014. On a quarter of the sites, kept apart until the
signs were settled, weights fitted to the others had an F1 of .926 at .25 (recall .960).
"""

from __future__ import annotations

from ...types import Struct

LEAST = 0.25  # score of an article: one that is lost is three times as bad as a list that is let in
INTERCEPT = -3.07  # log-odds of a page without any sign


class Sign(Struct, frozen=True):
    """weight: log-odds of a full measure. full: what a full measure is. page_is: how a refusal says it, of signs against."""

    weight: float
    full: str
    page_is: str = ""


TABLE = {
    "forum address": Sign(
        -3.26,
        "a part of the address is a forum's (`/threads/`, `/viewtopic`, host `community.`)",
        "a forum by its address",
    ),
    "documentation address": Sign(
        -2.47, "a part of the address is a manual's (`/docs/`, `/2.1/`, host `wiki.`)", "documentation by its address"
    ),
    "forum type": Sign(-2.07, "schema.org type of a thread or of questions with answers", "a forum by its own markup"),
    "shop type": Sign(-1.95, "schema.org or Open Graph type of what is sold", "a shop's offer by its own markup"),
    "service address": Sign(
        -1.82,
        "a part of the address is a service's or a firm's own (`/services/`, `/contact/`, `/kontakt/`)",
        "a firm's own page by its address",
    ),
    "home address": Sign(-1.86, "the address has no path, or one part of at most three characters", "a home page"),
    "posts": Sign(
        -1.77,
        "12 names of parts of a forum (`reply`, `avatar`, `vote`) on blocks that stand three times or more; logarithmic",
        "a row of posts",
    ),
    "list address": Sign(
        -1.53, "a part of the address is a list's (`/tag/`, `/kategorie/`, `/page/2`)", "a list by its address"
    ),
    "links": Sign(-1.28, "all characters are links; the share of them", "{list}"),
    "shop address": Sign(-1.48, "a part of the address is a shop's (`/product/`, `/tienda/`)", "a shop by its address"),
    "many days": Sign(-1.25, "22 different days are named, two are no sign; logarithmic", "{dated}"),
    "shop parts": Sign(
        -1.32, "30 names of parts of a shop (`cart`, `price`, `sku`); logarithmic", "a shop by its parts"
    ),
    "users": Sign(-1.18, "30 links to users; logarithmic", "a forum with {users} links to users"),
    "pages": Sign(-1.15, "it is cut into numbered pages", "one of the pages of a list"),
    "filters": Sign(-0.80, "10 names of parts that filter or sort; logarithmic", "a list with filters"),
    "service type": Sign(
        -1.09,
        "schema.org or Open Graph type of a service, a firm, a job, an event, a person, a contact page",
        "a service, a person or an event by its own markup",
    ),
    "code": Sign(-1.31, "50 pieces of code; logarithmic", "full of code"),
    "documentation program": Sign(
        -0.77, "its `generator` is one (Sphinx, MkDocs, MediaWiki)", "made by a program for documentation"
    ),
    "buttons": Sign(-0.68, "60 buttons; logarithmic", "full of buttons"),
    "money": Sign(-0.84, "30 signs of currencies; logarithmic", "full of prices"),
    "plain page type": Sign(-0.61, "schema.org type `WebPage` and none of an article", "no article by its own markup"),
    "short title": Sign(
        -0.46, "the title has at most three words", "named in a word or two, as lists and firms' own pages are"
    ),
    "forum program": Sign(-0.51, "its `generator` is one (Discourse, phpBB)", "made by a program for forums"),
    "edit links": Sign(-0.30, "a link to edit it", "a page that anybody may edit"),
    "list type": Sign(-0.25, "schema.org type of a collection, a list, a search", "a list by its own markup"),
    "heading in title": Sign(0.29, "a main heading and the title element hold one another"),
    "open graph article": Sign(0.54, "`og:type` is an article"),
    "published": Sign(0.67, "JSON-LD, Open Graph or microdata say when it was published"),
    "author": Sign(0.74, "JSON-LD, Open Graph, microdata or a meta name who wrote it"),
    "long title": Sign(1.75, "the title has 12 words; the share of them"),
    "words": Sign(0.14, "the text has 1,500 words; logarithmic"),
    "article type": Sign(1.05, "schema.org type of an article, in JSON-LD or microdata"),
    "prose": Sign(1.46, "15 paragraphs of at least 25 words; logarithmic"),
    "one article element": Sign(0.94, "exactly one `article` element"),
    "length of paragraphs": Sign(1.19, "40 words a paragraph, in the mean; the share of them"),
    "captions": Sign(1.32, "a picture with a caption (`figcaption`)"),
    "share links": Sign(1.30, "a link that shares it on a network"),
    "news address": Sign(1.25, "a part of the address is news' or a blog's (`/news/`, `/noticias/`, host `blog.`)"),
    "dateline parts": Sign(1.31, "8 names of parts of a dateline (`byline`, `author`, `timestamp`); logarithmic"),
    "day in address": Sign(1.24, "the address holds a year and a month"),
    "day near heading": Sign(1.43, "a day is named within 16 pieces of text behind the main heading"),
    "headline in address": Sign(1.82, "six hyphens in the last part of the address; the share of them"),
    "listed": Sign(
        2.80,
        "a source lists it; not fitted: nineteen of twenty entries of feeds are articles, and half of the pages above",
    ),
}
