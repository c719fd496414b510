"""Issues and the pages for readers in a real browser: they can be read, and their buttons work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broadsheet.letters import tokens
from broadsheet.run import letterbox, subscribing
from broadsheet.run.serving import beside
from broadsheet.run.subscribing import Door

from .browsing import NEEDS
from .build import NOW
from .test_browser import CONTRAST
from .test_newsletter import ANN, KEY, chosen, content, letter, publication, story
from .test_newsletter_readers import Carried

pytestmark = NEEDS


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_issue_can_be_read_in_both_lights_at_any_width(browser: Any, scheme: str):
    """Every text has a contrast of 4.5 to 1, nothing sticks out at 320 pixels, and nothing is fetched."""
    stories = [story(n, topics=("Ferries", "Cranes"), title=f"{n} " + "Donaudampfschiff" * 4) for n in range(30)]
    page = browser.new_page(viewport={"width": 320, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(content(letter(chosen(*stories)), "html"))

    assert page.evaluate(CONTRAST) >= 4.5
    assert 320 == page.evaluate("document.documentElement.scrollWidth")
    assert [] == asked
    assert not page.locator(".preheader").is_visible()
    page.close()


def test_the_buttons_for_readers_work(browser: Any, tmp_path: Path):
    """Subscribe, confirm, leave: each by a press, within the policies of the pages; opening them does nothing."""
    way = Carried()
    door = Door(tmp_path, publication(), KEY, lambda: NOW)
    page = browser.new_page()

    def kinds() -> list[str]:
        file = tmp_path / letterbox.FILE
        return [wish.kind for wish in letterbox._read(file.read_bytes())] if file.exists() else []

    with beside(subscribing.answering(door, "127.0.0.1:0", way), "readers") as address:
        home = f"http://{address}/letters/"
        page.goto(f"{home}subscribe")
        page.get_by_label("Your address").fill(ANN)
        page.get_by_role("button", name="Subscribe").click()
        assert "Look into your mail" == page.locator("h1").inner_text()
        page.goto(f"{home}confirm/{tokens.joining(KEY, ANN, NOW)}")
        assert ["ask"] == kinds()
        page.get_by_role("button", name="Yes, send me letters").click()
        assert "Welcome" == page.locator("h1").inner_text()
        page.goto(f"{home}unsubscribe/{tokens.leaving(KEY, ANN)}")
        assert ["ask", "join"] == kinds()
        page.get_by_role("button", name="Unsubscribe").click()
        assert "Done" == page.locator("h1").inner_text()

    assert ["ask", "join", "leave"] == kinds()
    page.close()
