"""The gate: what is an article passes, what is none is refused with the reason that fits, and each number is explained."""

from __future__ import annotations

import json
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import extract
from broadsheet.errors import NotAnArticle
from broadsheet.extract import document, verdict
from broadsheet.extract.said import Said
from broadsheet.types import Entry

from . import signs
from .build import NOW, page

LINES = (
    "The harbour office opened its gates on Monday morning, and by noon forty lorries stood on the quay with hay, flour and window glass for the islands.",
    "Pilots who had gone out at dawn to sound the channel found two metres more sand than in autumn, so the first boat sailed with half of its load.",
    "A schoolmistress from the western village said that her pupils had drawn the ferry every day of the storm, each time a little larger than before.",
    "The company will run three crossings a day until the backlog is gone, and promises to publish each evening how many vehicles are still in the queue.",
    "Insurers put the damage to the breakwater at nine million crowns, and the town wants to rebuild it from the same granite before the next winter.",
)
ARABIC = (
    "أعلنت هيئة الميناء صباح الاثنين أن العبارات ستعود إلى العمل بعد العاصفة الطويلة التي أوقفت الرحلات بين الجزر أكثر من أسبوعين كاملين، وأن أول سفينة ستبحر عند الظهر.",
    "وقال كبير المرشدين إن الرمال ارتفعت مترين في القناة منذ الخريف، ولذلك ستحمل السفينة الأولى نصف حمولتها فقط ومعها غواص يراقب قاع البحر طوال الطريق إلى الجزيرة الكبرى.",
    "وتقدر شركات التأمين الأضرار التي لحقت بكاسر الأمواج بتسعة ملايين، وتريد البلدية إعادة بنائه من الحجر نفسه قبل أن يأتي الشتاء المقبل على السكان والبحارة في المدينة.",
)
JAPANESE = (
    "港湾局は月曜日の朝、長い嵐のために二週間以上止まっていた島々への連絡船が正午から運航を再開すると発表した。岸壁には干し草や小麦粉を積んだ四十台のトラックが並んでいる。",
    "夜明けに水路を測った水先案内人によると、砂は秋より二メートル高くなっており、最初の船は積み荷を半分に減らし、潜水士を乗せて出航する予定だという。",
    "保険会社は防波堤の被害を九百万と見積もっている。町は次の冬が来る前に同じ花崗岩で建て直したい考えだが、技術者たちはもっとしなやかな構造を求めている。",
)
LINKS = "".join(f'<li><a href="/n/{n}">Ferry number {n} sails for the northern isles today</a></li>' for n in range(40))
TEASERS = "".join(
    f'<article class="teaser"><h3><a href="/n/{n}">Ferry {n} leaves the harbour before noon</a></h3><time datetime="2026-03-{n:02}">{n} March 2026</time></article>'
    for n in range(1, 31)
)
POSTS = "".join(
    f'<div class="post reply"><div class="avatar"></div><a class="username" href="/members/rower-{n}">rower{n}</a>'
    f'<div class="post-signature">Joined 2019</div><p>{LINES[n % 5]}</p></div>'
    for n in range(12)
)
MENU = "".join(f'<li><a href="/docs/part-{n}">Part {n} of the manual</a></li>' for n in range(40))


def ps(lines=LINES):
    return "".join(f"<p>{line}</p>" for line in lines)


def html(title, body, head="", lang="en"):
    return f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


def ld(**node):
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **node})}</script>'


def og(kind):
    return f'<meta property="og:type" content="{kind}">'


def read(markup, path="", entries=()):
    return extract.read(page(markup, url=f"https://harbour.example/{path}"), entries, NOW)


ARTICLES = {
    "short news item": (
        "news/ferry-returns-after-storm",
        html(
            "Ferry returns after the long storm | Harbour Post",
            f'<article><h1>Ferry returns after the long storm</h1><p class="byline">Ines Marsh, 1 March 2026</p>{ps(LINES[:2])}</article>',
            og("article"),
        ),
    ),
    "brief of one sentence": (
        "news/ferry-returns-after-storm",
        html(
            "Ferry returns after the long storm | Harbour Post",
            f"<article><h1>Ferry returns after the long storm</h1>{ps(LINES[:1])}</article>",
            og("article") + ld(**{"@type": "NewsArticle", "headline": "Ferry returns after the long storm", "datePublished": "2026-03-01T09:00:00Z", "author": {"@type": "Person", "name": "Ines Marsh"}}),
        ),
    ),
    "press note": (
        "press/harbour-company-orders-two-electric-ferries",
        html(
            "Harbour Company orders two electric ferries",
            f"<main><h1>Harbour Company orders two electric ferries</h1><p>NORHAVEN, March 1, 2026</p>{ps()}<p>Press contact: press@harbour.example</p></main>",
        ),
    ),
    "long read": (
        "magazine/the-winter-that-the-ferries-stood-still",
        html(
            "The winter that the ferries stood still",
            f"<article><h1>The winter that the ferries stood still</h1><figure><img src='/a.jpg'><figcaption>The quay</figcaption></figure>{ps(LINES * 6)}</article>",
        ),
    ),
    "link post": (
        "2026/03/01/a-fine-history-of-breakwaters",
        html(
            "A fine history of breakwaters",
            f'<article class="post"><h1><a href="https://library.example/breakwaters">A fine history of breakwaters</a></h1><p class="date">1 March 2026</p>'
            f"<blockquote>{ps(LINES[:1])}</blockquote><p>A good read, with drawings that I have not seen anywhere else, by a man who built three of them.</p></article>",
            og("article"),
        ),
    ),
    "live blog": (
        "news/live/storm-over-the-isles-live-updates",
        html(
            "Storm over the isles: live updates",
            "<main><h1>Storm over the isles: live updates</h1>"
            + "".join(f'<section class="update"><time datetime="2026-03-01T{n:02}:00Z">{n}:00</time><p>{LINES[n % 5]}</p></section>' for n in range(8, 20))
            + "</main>",
            ld(**{"@type": "LiveBlogPosting", "headline": "Storm over the isles: live updates", "datePublished": "2026-03-01T08:00:00Z"}),
        ),
    ),
    "video page": (
        "video/ferry-in-the-storm",
        html(
            "Ferry in the storm",
            "<h1>Ferry in the storm</h1><p>The ferry leaves the harbour at dawn.</p>",
            og("video.other") + '<meta property="og:video" content="https://www.youtube.com/embed/abcdefghijk">',
        ),
    ),
    "article in Arabic": (
        "node/4711",
        html(
            "العبارات تعود إلى الجزر بعد العاصفة الطويلة",
            f"<main><h1>العبارات تعود إلى الجزر بعد العاصفة الطويلة</h1><span>24 نوفمبر 2026</span>{ps(ARABIC)}</main>",
            lang="ar",
        ),
    ),
    "article in Japanese": (
        "articles/20261124001",
        html(
            "長い嵐の後、連絡船が島々への運航を再開",
            f"<main><h1>長い嵐の後、連絡船が島々への運航を再開</h1><span>2026年11月24日</span>{ps(JAPANESE)}</main>",
            lang="ja",
        ),
    ),
    "article without any markup": (
        "ferry.html",
        f"<title>Ferry returns after the long storm in the north</title><h2>Ferry returns after the long storm in the north</h2>{ps()}",
    ),
    "article with a cookie notice": (
        "news/ferry-returns-after-storm",
        html(
            "Ferry returns after the long storm",
            f'<div id="onetrust-banner-sdk"><p>We use cookies. We and our partners need your consent.</p></div><article><h1>Ferry returns after the long storm</h1>{ps()}</article>',
        ),
    ),
    "article about an error page": (
        "news/town-shows-page-not-found-for-a-week",
        html(
            "Page not found: the town's site is down for a week",
            f"<article><h1>Page not found: the town's site is down for a week</h1>{ps()}</article>",
        ),
    ),
    "brief of what was not found": (
        "n/4711",
        html("Vermisster Segler nicht gefunden", f"<main><h1>Vermisster Segler nicht gefunden</h1><p>1. März 2026</p>{ps(LINES[:3])}</main>", lang="de"),
    ),
    "brief of a moment": (
        "n/4712",
        html("Un momento histórico para la isla", f"<main><h1>Un momento histórico para la isla</h1><p>1 de marzo de 2026</p>{ps(LINES[:3])}</main>", lang="es"),
    ),
    "article behind a login": (
        "news/ferry-returns-after-storm",
        html(
            "Log in to read: ferry returns after the long storm",
            f'<form><input type="password"></form><article><h1>Ferry returns after the long storm</h1>{ps(LINES[:1])}</article>',
            ld(**{"@type": "NewsArticle", "headline": "Ferry returns after the long storm", "datePublished": "2026-03-01T09:00:00Z"}) + og("article"),
        ),
    ),
}  # fmt: skip

REFUSED = {
    "home": ("", html("Harbour Post", f"<h2>Today</h2>{TEASERS}"), "home page"),
    "section list": ("world", html("World", f"<h1>World</h1>{TEASERS}<ul>{LINKS}</ul>"), "list"),
    "tag page": ("tag/ferries", html("Ferries", f"<h1>Ferries</h1><p>Everything on ferries.</p><ul>{LINKS}</ul>"), "list"),
    "author page": ("author/ines-marsh", html("Ines Marsh", f"<h1>Ines Marsh</h1><p>Writes about the sea.</p>{TEASERS}"), "list"),
    "search results": ("search/?q=ferry", html("ferry", f'<h1>Results for ferry</h1><ul>{LINKS}</ul><div class="pagination"><a href="?page=2">2</a><a href="?page=3">3</a></div>'), "list"),
    "product": (
        "shop/jacket/",
        html("Life jacket", f'<h1>Life jacket</h1><div class="price">$40</div><button class="add-to-cart">Add</button><p>{LINES[0]}</p>', ld(**{"@type": "Product", "name": "Life jacket", "offers": {"@type": "Offer", "price": "40"}})),
        "shop",
    ),
    "category": (
        "boats",
        html("Boats", "<h1>Boats</h1>" + "".join(f'<div class="product"><a href="/p/{n}">Boat {n}</a><span class="price">€ {n}00</span><button class="cart">Buy</button></div>' for n in range(30))),
        "list|shop|prices|buttons",
    ),
    "forum thread": ("threads/how-to-row-in-a-storm.2711/", html("How to row in a storm", f"<h1>How to row in a storm</h1>{POSTS}"), "forum"),
    "questions and answers": (
        "questions/2711/how-to-row-in-a-storm",
        html("How to row in a storm?", f"<h1>How to row in a storm?</h1>{POSTS}", ld(**{"@type": "QAPage", "mainEntity": {"@type": "Question", "name": "How to row in a storm?"}})),
        "forum",
    ),
    "documentation": (
        "docs/2.1/ferry-api",
        html("Ferry API", f'<nav><ul>{MENU}</ul></nav><main><h1>Ferry API</h1>{ps()}<pre><code>sail()</code></pre><pre><code>moor()</code></pre><a href="https://github.com/harbour/docs/edit/main/api.md">Edit</a></main>', '<meta name="generator" content="mkdocs-1.5">'),
        "documentation",
    ),
    "contact": ("contact/", html("Contact", "<h1>Contact</h1><p>Harbour office, 1 Quay Road.</p><p>Open from nine to five.</p><form><input name=a><input name=b></form>"), "firm"),
    "job": ("careers/pilot", html("Pilot", f"<h1>Pilot (m/f)</h1><ul><li>Full time</li><li>Norhaven</li></ul><p>{LINES[1]}</p>", ld(**{"@type": "JobPosting", "title": "Pilot", "datePosted": "2026-03-01"})), "firm|service"),
    "event": ("events/regatta", html("Regatta", "<h1>Regatta</h1><p>Saturday at ten, on the quay. Entry is free for everybody.</p>", ld(**{"@type": "Event", "name": "Regatta", "startDate": "2026-05-01"})), "event"),
    "not found": ("news/gone", html("Page not found | Harbour Post", "<h1>404</h1><p>Sorry, the page that you are looking for is not here. Try the search, or go to the front page.</p>"), "an error page"),
    "not found, in German": ("news/weg", html("Seite nicht gefunden", "<h1>Die Seite wurde nicht gefunden</h1><p>Versuchen Sie es mit der Suche oder gehen Sie zur Startseite.</p>"), "an error page"),
    "login": ("news/members", html("Log in | Harbour Post", "<h1>Log in</h1><form><input name=user><input type=password></form><p>Please log in with the name that you chose when you joined us.</p>"), "a login page"),
    "consent": (
        "news/ferry-returns-after-storm",
        html("Harbour Post", '<div id="sp_message_container_1"><h2>Your privacy</h2><p>We and our 812 partners store and use information on your device. With your consent we measure how our pages are read.</p><p>You can change your privacy choices at any time in the cookie settings.</p><button>Accept all</button></div>'),
        "a consent wall",
    ),
    "consent, in German": (
        "news/faehre-kehrt-zurueck",
        html("Hafenpost", '<div class="cmp"><h2>Hafenpost mit Werbung lesen</h2><p>Wir und unsere 812 Partner verwenden Cookies, um Inhalte zu messen und Anzeigen auszuwählen. Mit „Alle akzeptieren“ stimmen Sie zu.</p><p>Ihre Einwilligung jederzeit widerrufen können Sie am Ende jeder Seite.</p></div>', lang="de"),
        "a consent wall",
    ),
    "bot check": (
        "news/ferry-returns-after-storm",
        html("Just a moment...", '<div id="challenge-form"><h1>harbour.example</h1><p>Verifying you are human. This may take a few seconds.</p><p>harbour.example needs to review the security of your connection before proceeding.</p></div>'),
        "a bot check",
    ),
    "page for programs": ("news/ferry-returns-after-storm", html("Harbour Post", "<div id=root><p>You need to enable JavaScript to run this app.</p></div>"), "needs JavaScript"),
    "page for programs, without text": ("news/ferry-returns", html("Harbour Post", "<noscript>Bitte aktivieren Sie JavaScript.</noscript><div id=root></div>"), "needs JavaScript"),
}  # fmt: skip


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_passes(name):
    """Whatever its length, kind, script and markup; a notice, a login or an odd headline beside it changes nothing."""
    path, markup = ARTICLES[name]

    assert read(markup, path).text


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_article_is_refused_with_the_reason_that_fits(name):
    path, markup, reason = REFUSED[name]

    with pytest.raises(NotAnArticle, match=reason):
        read(markup, path)


@pytest.mark.parametrize(
    "title",
    [
        "404", "Error 404 (Not Found)", "404 - Page not found | Post", "Not Found", "This page doesn't exist", "Page introuvable", "Página no encontrada",
        "La página que busca no existe", "Pagina non trovata", "Página não encontrada", "Pagina niet gevonden", "Strona nie została znaleziona",
        "Sidan hittades inte", "Siden ble ikke funnet", "Страница не найдена", "Sayfa bulunamadı", "ページが見つかりません", "页面不存在",
        "페이지를 찾을 수 없습니다", "الصفحة غير موجودة",
    ],
)  # fmt: skip
def test_an_error_page_is_known_in_many_languages(title):
    with pytest.raises(NotAnArticle, match="an error page"):
        read(html(title, f"<h1>{title}</h1><p>Home</p>"), "news/gone-for-good-this-time")


@pytest.mark.parametrize(
    "line",
    [
        "Nous utilisons des cookies. Nos 812 partenaires mesurent la lecture avec votre consentement.",
        "Utilizamos cookies propias. Nuestros 812 socios miden la lectura con su consentimiento.",
        "Utilizziamo i cookie. I nostri 812 partner misurano la lettura con il tuo consenso.",
        "Nossos 812 parceiros medem a leitura com o seu consentimento, com cookies.",
        "Wij gebruiken cookies. Onze 812 partners meten met uw toestemming.",
        "Używamy plików cookie. Nasi zaufani partnerzy mierzą czytanie za Twoją zgodą.",
        "Vi använder cookies. Godkänn alla för att läsa vidare.",
        "Мы используем файлы cookie. Наши партнёры измеряют чтение.",
        "当サイトではクッキーを使います。続けるには同意するを押してください。",
    ],
)
def test_a_consent_wall_is_known_in_many_languages(line):
    with pytest.raises(NotAnArticle, match="a consent wall"):
        read(html("Post", f"<div class=dialog><h2>Post</h2><p>{line}</p></div>"), "news/ferry-returns-after-storm")


def test_a_refusal_gives_its_score_and_what_it_rests_on():
    """The heaviest sign against in words, the score, and the signs with what each adds; short enough for a table."""
    with pytest.raises(NotAnArticle) as caught:
        read(REFUSED["author page"][1], "tag/ferries")

    assert caught.value.what.startswith("page is a list ")
    assert "(score ." in caught.value.what
    assert "list address -1.53" in caught.value.what
    assert len(caught.value.what) < 250


def test_an_article_keeps_the_score_that_let_it_in():
    """`why` shows it: what the page was taken for an article by."""
    said = read(ARTICLES["long read"][1], ARTICLES["long read"][0]).claims["article"]

    assert "score 1.0; for: headline in address +1.82" in said


def test_a_list_says_how_many_teasers_it_has():
    with pytest.raises(NotAnArticle, match="page is a list of 30 teasers"):
        read(REFUSED["section list"][1], "world")


def _signs(markup):
    root = document.tree(page(markup, url="https://unknown.invalid/"))
    shape = verdict.shape.read(list(root.iter()), root.text_content())
    nothing = Said(origin="html")
    return verdict.Signs(
        url="https://unknown.invalid/", title="World", text="Short. Text.", told=nothing, page=nothing, graph=nothing, metas=nothing,
        items=nothing, plain=nothing, shape=shape, linked=0.9, listed=False, video=False,
    )  # fmt: skip


def test_a_source_that_lists_a_page_speaks_for_it():
    """A page of three sentences that nothing marks as an article passes when a feed lists it, and else does not."""
    markup = html(
        "Tide", "<h1>Tide</h1><p>It is high tide at nine.</p><p>It is low tide at three.</p><p>Boats leave at ten.</p>"
    )
    entry = Entry(source="https://harbour.example/feed", url="https://harbour.example/n/tide", title="Tide")

    assert read(markup, "n/tide", [entry]).text
    with pytest.raises(NotAnArticle, match="score"):
        read(markup, "n/tide")


amount = st.floats(0, 1)


@given(
    st.dictionaries(st.sampled_from(sorted(verdict.weights.TABLE)), amount),
    st.sampled_from(sorted(verdict.weights.TABLE)),
    amount,
)
def test_more_of_a_sign_for_never_lowers_the_score(found, sign, more):
    """And more of one against never raises it."""
    before = verdict.judge(found).score
    after = verdict.judge({**found, sign: max(more, found.get(sign, 0.0))}).score

    assert after >= before if verdict.weights.TABLE[sign].weight > 0 else after <= before


@given(st.dictionaries(st.sampled_from(sorted(verdict.weights.TABLE)), amount))
def test_the_shares_add_up_to_the_score(found):
    """Log-odds of the score are those of a page without signs and what each sign adds; the heaviest against is first."""
    judged = verdict.judge(found)
    points = [share.points for share in judged.shares]

    assert judged.score == pytest.approx(1 / (1 + exp(-verdict.weights.INTERCEPT - sum(points))))
    assert points == sorted(points)


@pytest.mark.parametrize("name", [*ARTICLES, *REFUSED])
def test_every_sign_that_is_found_has_a_weight(name):
    """No sign without a line in the table, none above 1 or below 0."""
    _, markup, *_ = {**ARTICLES, **REFUSED}[name]
    found = verdict.amounts(_signs(markup))

    assert not set(found) - set(verdict.weights.TABLE)
    assert all(0 <= value <= 1 for value in found.values())


def test_every_sign_against_says_what_the_page_is():
    assert [] == [name for name, sign in verdict.weights.TABLE.items() if bool(sign.page_is) != (sign.weight < 0)]


def test_the_documentation_lists_the_signs():
    """docs/reference/articles.md is what `python -m tests.signs` prints."""
    assert signs.text() == Path("docs/reference/articles.md").read_text()
