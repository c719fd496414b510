"""What is not free to read is known as such, and read as a reader without a subscription sees it."""

from __future__ import annotations

import json

import lxml.html
import pytest

from broadsheet import extract
from broadsheet.extract import paywall
from broadsheet.outputs import api, jsonfeed, site
from broadsheet.store import open_store
from broadsheet.types import Claim

from .build import NOW, article, edition, page, printed, story
from .test_extract import html, ld, read

SEEN = "".join(
    f"<p>The harbour master counted {n} ferries before the storm, and told nobody but the gulls of it.</p>"
    for n in range(5, 12)
)
KEPT = "".join(
    f"<p>Subscribers learn that ferry {n} had carried forty lorries of oranges from the southern islands, all of them ripe.</p>"
    for n in range(12, 16)
)


def news(**said: object) -> str:
    return ld({"@type": "NewsArticle", "headline": "Ferries return to Norhaven", "datePublished": "2026-03-01"} | said)


def closed(selector: object = ".for-members") -> dict[str, object]:
    part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": selector}
    return {"isAccessibleForFree": False, "hasPart": part}


@pytest.mark.parametrize(
    ("head", "place", "value"),
    [
        (news(isAccessibleForFree=False), "json-ld isAccessibleForFree", "false"),
        (news(isAccessibleForFree="False"), "json-ld isAccessibleForFree", "False"),
        (news(isAccessibleForFree="false"), "json-ld isAccessibleForFree", "false"),
        (
            news(isAccessibleForFree="https://schema.org/False"),
            "json-ld isAccessibleForFree",
            "https://schema.org/False",
        ),
        (
            news(hasPart=[{"isAccessibleForFree": False, "cssSelector": ".x"}]),
            "json-ld hasPart isAccessibleForFree",
            "false",
        ),
        ('<meta property="article:content_tier" content="locked">', "article:content_tier", "locked"),
        ('<meta property="article:content_tier" content="metered">', "article:content_tier", "metered"),
    ],
)
def test_what_its_publisher_says_of_access_is_kept_with_its_place(head, place, value):
    found = read(html(head, SEEN))

    assert (True, place) == (found.paywalled, found.claims["paywalled"])
    assert Claim(field="paywalled", value=value, places=(place,)) in found.candidates
    assert True is extract.row(found)["paywalled"]


@pytest.mark.parametrize(
    "head",
    [
        "",
        news(isAccessibleForFree=True),
        news(isAccessibleForFree="True"),
        news(isAccessibleForFree="perhaps"),
        news(isAccessibleForFree=True) + '<meta property="article:content_tier" content="locked">',
        '<meta property="article:content_tier" content="free">',
    ],
)
def test_what_is_free_or_says_nothing_is_not_called_paywalled(head):
    """The article's own word counts for more than a label; a row has no key for what is free."""
    found = read(html(head, SEEN))

    assert not found.paywalled
    assert "paywalled" not in found.claims
    assert "paywalled" not in extract.row(found)


def test_microdata_says_it_too():
    body = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="isAccessibleForFree" content="False">'
        '<div itemprop="hasPart" itemscope itemtype="https://schema.org/WebPageElement">'
        '<meta itemprop="isAccessibleForFree" content="False"><meta itemprop="cssSelector" content="#rest"></div>'
        f'{SEEN}<div id="rest" hidden>{KEPT}</div></div>'
    )
    found = read(html(body=body))

    assert (True, "microdata isAccessibleForFree") == (found.paywalled, found.claims["paywalled"])
    assert "oranges" not in found.text


@pytest.mark.parametrize(
    "state", ["hidden", 'style="color: red; display : none"', 'aria-hidden="true"', 'style="visibility:hidden"']
)
def test_what_is_hidden_from_readers_is_not_read(state):
    """Itself hidden, in something hidden, or hidden within it; what follows it stays."""
    end = "<p>The storm is expected to return on Friday, say those who have watched this coast for sixty years.</p>"
    for rest in (
        f'<div class="more for-members" {state}>{KEPT}</div>',
        f'<div {state}><div class="for-members">{KEPT}</div></div>',
        f'<div class="for-members"><section {state}>{KEPT}</section></div>',
    ):
        found = read(html(news(**closed()), SEEN + rest + end))

        assert "oranges" not in found.text
        assert "harbour master" in found.text
        assert "return on Friday" in found.text


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        (".for-members{display:none}", False),
        ("p{margin:0} .ads, .for-members { color: red; visibility: hidden }", False),
        ("@media print { .for-members { display: none } }", True),
        (".others .for-members { display: none }", True),
        ("body{display:none}", True),
        ("@media {.for-members{display:none", True),
    ],
)
def test_what_a_style_of_the_page_hides_is_hidden(style, seen):
    """On every screen, by a selector of one step; what is hidden in print or within other things is not."""
    page = html(f"<style>{style}</style>" + news(**closed()), SEEN + f'<div class="for-members">{KEPT}</div>')

    assert seen == ("oranges from the southern islands" in read(page).text)


def test_what_readers_see_is_read_whatever_its_class_says():
    found = read(html(news(**closed()), f'{SEEN}<div class="for-members">{KEPT}</div>'))

    assert "oranges" in found.text


def test_what_is_hidden_and_free_is_none_of_this_rules_business():
    tree = lxml.html.fromstring(f'<body><div class="for-members" hidden>{KEPT}</div></body>')

    assert 0 == paywall.take_out(tree, ())
    assert "oranges" in tree.text_content()


@pytest.mark.parametrize("where", ["articleBody", "text"])
def test_the_text_that_search_engines_get_is_not_taken_instead(where):
    """The same claim of an article that is free is."""
    whole = " ".join(f"Sentence {n} of the whole report speaks of oranges and lorries on the quay." for n in range(200))
    for free, held in ((False, False), (True, True)):
        found = read(html(news(isAccessibleForFree=free, **{where: whole}), SEEN))

        assert held == ("oranges" in found.text)


def test_a_claim_in_broken_json_counts_too():
    """What can be picked out of it is not only the text."""
    broken = (
        '{"@type": "NewsArticle", "isAccessibleForFree": false, "articleBody": "'
        + "Oranges on the quay. " * 200
        + '", "author": {'
    )
    found = read(html(f'<script type="application/ld+json">{broken}</script>', SEEN))

    assert (True, False) == (found.paywalled, "Oranges" in found.text)


@pytest.mark.parametrize(
    ("selector", "removed"),
    [
        (".a", 1), ("#b", 1), ("section", 1), ("[data-c]", 1), ("[data-c='de']", 1), ("[data-c='d e']", 0), ("section.a#b[data-c]", 1), (".x, .a", 1),
        ("main .a", 1), ("main article .a", 1), (".z .a", 0), (".a main", 0), ("div", 0), ("main > .a", 0), (".a:not(.q)", 0),
        (".a{}", 0), ("*", 1), ("", 0), (",", 0), ("a" * 400, 0), ("main " * 9 + ".a", 0), ("html", 1), (".a\\", 0), ("[data-c=']", 0),
    ],
)  # fmt: skip
def test_only_simple_selectors_are_followed(selector, removed):
    tree = lxml.html.document_fromstring(
        '<main><article><p>seen</p><section class="q a" id="b" data-c="de" hidden>unseen</section> tail</article></main>'
    )

    assert removed == paywall.take_out(tree, [selector])
    assert tree.text_content().endswith(" tail")


def test_a_thousand_selectors_on_a_deep_page_cost_no_more_than_twenty():
    """Each element is looked at once for each of the selectors that count."""
    deep = lxml.html.document_fromstring("<div class='a b'>" * 200 + "<p hidden>x</p>" * 50_000)
    said = [",".join(".a .b .a .b p" for _ in range(20))] * 1_000

    assert 20 == len(paywall.selectors(said))
    assert 50_000 == paywall.take_out(deep, said)


def test_the_store_keeps_it(tmp_path):
    with open_store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        store.put_articles([article(paywalled=True), article(2)], [])

        assert [True, False] == [one.paywalled for one in store.articles()]


def test_what_is_printed_says_where_a_subscription_is_needed():
    """JSON API, JSON Feed, the site and its linked data; nothing is said of what is free."""
    for paywalled in (True, False):
        lead = article(paywalled=paywalled, topics=("Ferries",), excerpt="Two boats an hour.")
        whole = edition(printed(), stories=(story(lead, published=True),))
        item = json.loads(next(iter(api.render(whole))).data)["value"][0]
        entry = json.loads(next(iter(jsonfeed.render(whole))).data)["items"][0]
        pages = {file.path: file.data.decode() for file in site.render(whole) if file.path.endswith(".html")}

        assert ([False] if paywalled else []) == [value for key, value in item.items() if key == "isAccessibleForFree"]
        assert paywalled == entry["_broadsheet"].get("paywalled", False)
        assert paywalled == ("· subscription" in pages["index.html"])
        assert paywalled == any('"isAccessibleForFree":false' in text for text in pages.values())


def test_a_page_of_his_own_is_read_alike():
    """`extract` on a saved file sees what a reader without a subscription sees, too."""
    markup = html(news(**closed()), f'{SEEN}<div class="for-members" hidden>{KEPT}</div>')
    found = extract.read(page(markup, url="https://harbour.example/news/1"), (), NOW, kept=False)

    assert "oranges" not in found.text
