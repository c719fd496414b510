"""The service worker: what it is made of, and in a real browser, whose server dies."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from lxml import html

from broadsheet.outputs import site
from broadsheet.types import File, Site

from . import coast
from .browsing import in_browser, laid, served

STORY = "story/2026-03-01-story-2/"


def printed(**changes: object) -> dict[str, bytes]:
    settings = coast.publication(site=Site(offline=True), **changes)
    return {file.path: file.data for file in site.render(coast.edition(publication=settings))}


def test_only_this_script_may_run():
    """Every page with an address registers the worker of the site's root, and its policy names that script by hash."""
    for path, data in printed().items():
        if not path.endswith(".html") or path == "404.html":
            continue
        tree = html.document_fromstring(data)
        policy = tree.xpath("//meta[@http-equiv]/@content")[0]
        script = tree.xpath("//script[not(@type)]")[0].text
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"navigator.serviceWorker?.register('{'../' * path.count('/')}'+'sw.js')" == script, path
        assert f"script-src 'sha256-{digest}'" in policy, path
        assert "worker-src 'self'" in policy, path


def test_without_the_setting_there_is_no_worker():
    """Nor a script of any page but the search's, which has its own."""
    files = {file.path: file.data for file in site.render(coast.edition(3))}
    assert "sw.js" not in files
    assert not [path for path, data in files.items() if b"serviceWorker" in data]
    assert ["search/index.html"] == [path for path, data in files.items() if b"script-src" in data]


def test_a_new_style_starts_a_new_cache():
    """The name of the cache follows the style sheet, and nothing else that an edition changes."""
    name = re.compile(rb'OURS \+ "([0-9a-f]{12})"')
    first, same = printed()["sw.js"], printed(title="Another name")["sw.js"]
    styled = printed(theme_files=(File(path="extra.css", data=b"b{color:red}"),))["sw.js"]
    assert first == same
    assert name.search(first)[1] != name.search(styled)[1]


@in_browser
def test_what_was_read_can_be_read_without_a_server(tmp_path: Path, browser):
    """A story that was open is there again, with its style; a page that never was leads to the front page."""
    laid(site.render(coast.edition(publication=coast.publication(site=Site(offline=True)))), tmp_path)
    page = browser.new_page()
    with served(tmp_path, once=True) as home:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(home)
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("navigator.serviceWorker.controller")
        page.goto(home + STORY)
        page.wait_for_function(f"caches.match('{home}{STORY}')")
        assert [] == complaints

    page.reload()
    assert coast.story(2).lead.title == page.locator("h1").inner_text()
    serif = page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight")
    assert ("700", "grid") == (serif, page.evaluate("getComputedStyle(document.querySelector('.story')).display"))
    page.goto(f"{home}topic/ports/")
    assert home == page.url
    assert 31 == page.locator("article h3").count()
    page.close()
