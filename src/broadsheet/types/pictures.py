"""What is known of the files behind pictures' addresses."""

from __future__ import annotations

from datetime import datetime

from .struct import Struct

WIDTHS = (320, 640)  # pixels of the copies of a lead picture; none is wider than its source
LOGOS = {50: 32, 400: 200}  # sides of the copies of a logo -> shortest side that its source must have


class Picture(Struct, frozen=True, kw_only=True):
    """What came of asking for one picture: a fact that is stored, so that nobody is asked twice.

    state: sized (its beginning was read; `reason` says why no size came of it, where none did), kept (our own files of
    it lie in the private folder), unfit (no picture, or too small to be one of an article), refused (we make no files
    of it) or failed (it could not be had).
    """

    url: str
    use: str = "lead"  # lead (of an article) or logo (of a provider)
    state: str
    kind: str = ""  # jpeg, png, webp, gif or avif, as its bytes say; empty where none of them was seen
    width: int = 0  # pixels, as it is shown: turned as its EXIF data asks; 0 where that is not known
    height: int = 0
    hash: str = ""  # of all its bytes, see pictures.digest; empty unless kept
    reason: str = ""  # why it is unfit, refused or failed
    fetched_at: datetime
    attempts: int = 1
    retry_at: datetime | None = None  # when to ask again; None: never

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the copies of a lead picture, ascending."""
        return tuple(sorted({min(self.width, width) for width in WIDTHS}))

    def height_at(self, width: int) -> int:
        """Height of the copy of that width."""
        return max(1, round(self.height * width / self.width))

    @property
    def sides(self) -> tuple[int, ...]:
        """Sides of the square copies of a logo, ascending."""
        return tuple(side for side, least in LOGOS.items() if min(self.width, self.height) >= least)

    def path(self, end: str) -> str:
        """Where one of its files lies below the site: `path("640.webp")` -> `images/ab/ab12...-640.webp`."""
        return f"images/{self.hash[:2]}/{self.hash}-{end}"

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of all its files below the site."""
        if self.use == "logo":
            return tuple(self.path(f"{side}x{side}.png") for side in self.sides)
        return tuple(self.path(f"{width}.{end}") for width in self.widths for end in ("jpg", "webp"))
