"""Whether a page is a video, and the markup that shows it on a page of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .. import urls
from ..errors import ParseError
from .said import Said

# Players whose frames may stand on any site, by address; the id is all that is taken from the page.
_PLAYERS = (
    (re.compile(r"https://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed/|v/|watch\?(?:[^#]*&)?v=)([\w-]{11})(?:[?&#]|$)"), "https://www.youtube-nocookie.com/embed/"),
    (re.compile(r"https://youtu\.be/([\w-]{11})(?:[?&#]|$)"), "https://www.youtube-nocookie.com/embed/"),
    (re.compile(r"https://(?:player\.)?vimeo\.com/(?:video/)?(\d{5,12})(?:[?&#/]|$)"), "https://player.vimeo.com/video/"),
    (re.compile(r"https://(?:www\.)?dailymotion\.com/(?:embed/)?video/([a-z0-9]{5,12})(?:[?&#_]|$)"), "https://www.dailymotion.com/embed/video/"),
)  # fmt: skip


def read(url: str, saids: Sequence[Said], *, has_article: bool) -> tuple[str, str]:
    """`article` or `video`, and for a video of a known player the HTML that embeds it."""
    kinds = {kind for said in saids for kind in said.kinds}
    is_video = any(kind.startswith("video") for kind in kinds) or (
        "VideoObject" in kinds and not has_article and _embed(url) != ""
    )
    if not is_video or has_article:
        return "article", ""
    candidates = (*(address for said in saids for address in said.embeds), url)
    return "video", next(filter(None, map(_embed, candidates)), "")


def _embed(address: str) -> str:
    try:
        href = str(urls.parse(address.replace("http://", "https://", 1)).href)
    except ParseError:
        return ""
    for pattern, player in _PLAYERS:
        if match := pattern.match(href):
            return (
                f'<iframe src="{player}{match[1]}" width="560" height="315" frameborder="0" '
                'allow="fullscreen; picture-in-picture" loading="lazy" referrerpolicy="strict-origin-when-cross-origin"></iframe>'
            )
    return ""
