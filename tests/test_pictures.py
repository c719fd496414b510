"""Pictures through whole cycles, over real HTTP: their sizes, the copies that are printed, and what is left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet import record
from broadsheet.cli import run
from broadsheet.errors import FetchError, Poisonous, UsageError
from broadsheet.pictures import copying
from broadsheet.pictures.copying import Original
from broadsheet.run import Report, answering, keeping, opened, sizing, update
from broadsheet.types import Picture, Record

from . import web as small_web
from .build import NOW
from .pictures import HTML, SVG, corners, picture, png
from .test_run import git, git_init, tree

pytest.importorskip("PIL", reason="Pillow is not there: pictures are not tested")

HOUR = timedelta(hours=1)
QUAY, BOAT = picture(), picture("PNG", 1280, 720)


class Coast:
    """The small web with pages that say nothing of their pictures' sizes, and a publication that reads it."""

    def __init__(self, folder: Path, web: small_web.Web) -> None:
        self.folder, self.web = small_web.publication(folder, address=web.address), web
        self.pages = [url for url, body in web.bodies.items() if b"NewsArticle" in body]
        for url in self.pages:
            self.change(url, lambda data: [data["image"].pop(name, 0) for name in ("width", "height")])
        self.settings()

    def settings(self, **images: bool) -> None:
        """Write `[images]` behind what the publication file says otherwise."""
        path = self.folder / "broadsheet.toml"
        kept = path.read_text().partition("\n[images]")[0]
        lines = "".join(f"{name} = {str(value).lower()}\n" for name, value in images.items())
        path.write_text(f"{kept}\n[images]\n{lines}")

    def change(self, url: str, how: Any, head: str = "") -> None:
        """Change the linked data of a page, and add to its head."""
        before, start, rest = self.web.bodies[url].decode().partition('<script type="application/ld+json">')
        data, end, after = rest.partition("</script>")
        said = json.loads(data)
        how(said)
        self.web.bodies[url] = f"{before}{head}{start}{json.dumps(said)}{end}{after}".encode()

    def image_of(self, url: str) -> str:
        said = json.loads(self.web.bodies[url].decode().partition('+json">')[2].partition("</script>")[0])
        return said["image"]["url"]

    @property
    def images(self) -> list[str]:
        return sorted({self.image_of(url) for url in self.pages})

    def hang(self, body: bytes = QUAY) -> None:
        """The same picture at the address of every one."""
        self.web.bodies.update(dict.fromkeys(self.images, body))

    def update(self, now: Any = NOW, **options: Any) -> Report:
        self.web.answered.clear()
        return update(self.folder, now, **options)

    @property
    def asked(self) -> list[str]:
        """Pictures that the last cycle asked for, as often as it did."""
        return sorted(
            url
            for url, _ in self.web.answered
            if not url.endswith((".xml", ".txt", ".json")) and url not in (*self.pages, "http://p3.example/gone")
        )

    def records(self) -> dict[str, Record]:
        found = [record.parse(file.read_bytes())[0] for file in (self.folder / "site" / "_news").glob("*.md")]
        return {one.web_url or "": one for one in found}

    def facts(self) -> dict[str, Picture]:
        with opened(self.folder, lock=False) as (_, store):
            return {one.url: one for one in store.pictures()}

    def printed(self) -> list[str]:
        """Names of the pictures on the site."""
        return sorted(path.name for path in (self.folder / "site" / "images").rglob("*.*"))


@pytest.fixture
def coast(tmp_path: Path) -> Iterator[Coast]:
    with small_web.served() as web:
        yield Coast(tmp_path / "p", web)


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_a_lead_has_the_size_of_its_file(coast):
    """Record and quality have it, `why` says where it is from, and the next cycle asks nobody again."""
    coast.hang()
    report = coast.update()
    found = coast.records()

    assert coast.images == coast.asked
    assert len(coast.images) == report.pictures
    assert {(900, 600, False)} == {(i.width, i.height, i.is_cached) for one in found.values() for i in one.images}
    told = answering.why(coast.folder, coast.pages[0], None)
    assert "the file" == told.fields["image size"]
    assert (
        f"{coast.image_of(coast.pages[0])}: 900x600 jpeg by its first bytes, read on 2026-03-02 12:00" in told.pictures
    )
    assert "image 900 pixels wide" in [reason.value for reason in told.quality_reasons]

    again = coast.update(NOW + 24 * HOUR)
    assert ([], 0, 0) == (coast.asked, again.pictures, again.written)


def test_a_beginning_is_all_that_is_read(coast):
    """Pictures of many megabytes cost 64 KiB each."""
    coast.hang(QUAY + bytes(9_000_000))
    coast.update()

    assert {900} == {one.images[0].width for one in coast.records().values()}


def test_what_is_no_picture_gives_way_to_the_next_candidate(coast):
    """A web page, a drawing, a tracker and an icon in front of a picture; the record shows the picture, `why` the rest."""
    url, first = coast.pages[0], coast.image_of(coast.pages[0])
    others = [f"http://p1.example/candidate-{n}" for n in range(3)]
    coast.hang()
    coast.web.bodies.update(dict(zip([first, *others], [HTML, SVG, png(1, 1), BOAT], strict=True)))
    coast.change(url, lambda said: said.update(image=[first, *others]))
    coast.pages = coast.pages[1:]
    coast.update()

    assert [] == [i.url for i in coast.records()[url].images if i.url in (first, others[0])]
    coast.update(NOW + HOUR)
    assert [(others[2], 1280, 720)] == [(i.url, i.width, i.height) for i in coast.records()[url].images]
    assert "an icon or a tracker" in answering.why(coast.folder, url, None).fields["image left out"]


def test_the_only_candidate_stays_what_it_is(coast):
    coast.hang(HTML)
    report = coast.update()

    assert 5 == report.stories
    assert {(0, 0)} == {(i.width, i.height) for one in coast.records().values() for i in one.images}
    assert {("unfit", "no picture: a web page")} == {(p.state, p.reason) for p in coast.facts().values()}


def test_a_picture_that_robots_txt_forbids_is_not_fetched(coast):
    """Its article is printed all the same, without the size, and `why` says the reason."""
    coast.hang()
    image = coast.image_of(coast.pages[0])
    origin, path = image[: image.rindex("/")], image[image.rindex("/") :]
    coast.web.bodies[f"{origin}/robots.txt"] = f"User-agent: *\nDisallow: {path}\n".encode()
    coast.update()

    assert image not in coast.asked
    assert [0] == [i.width for i in coast.records()[coast.pages[0]].images]
    [line] = answering.why(coast.folder, coast.pages[0], None).pictures
    assert line.endswith("failed on 2026-03-02 12:00: robots.txt of p0.example forbids it")
    coast.update(NOW + 48 * HOUR)
    assert image not in coast.asked


def test_a_picture_inside_is_not_asked_for(coast):
    """Neither where a page names a private address, nor where a public one redirects to it."""
    coast.hang()
    inside = f"http://{coast.web.address}/secret.jpg"
    named, redirected = coast.pages[0], coast.image_of(coast.pages[1])
    coast.change(named, lambda said: said.update(image=inside))
    coast.pages = coast.pages[1:]
    coast.web.moved[redirected] = inside
    coast.update()

    assert [] == [url for url in coast.asked if url.endswith("secret.jpg")]
    assert {"failed"} == {coast.facts()[url].state for url in (inside, redirected)}
    assert [0] == [image.width for image in coast.records()[named].images]


@pytest.mark.parametrize("directive", ["noimageai", "noimageindex", "max-image-preview:none"])
def test_pictures_that_are_to_be_left_alone_are_not_even_looked_at(coast, directive):
    coast.hang()
    coast.settings(thumbnails=True)
    coast.change(coast.pages[0], lambda _: None, head=f'<meta name="robots" content="{directive}">')
    coast.update()
    lone = coast.image_of(coast.pages[0])

    assert lone not in coast.asked
    assert [(lone, 0, False)] == [(i.url, i.width, i.is_cached) for i in coast.records()[coast.pages[0]].images]


def test_a_failure_is_remembered_and_tried_three_times(coast):
    """Not in every cycle: after one hour, after four more, and then no more. A 404 is asked for once."""
    coast.hang()
    gone, down = coast.images[:2]
    del coast.web.bodies[gone]
    coast.web.moved[down] = "http://p9.example:1/nobody"  # a port that is not asked
    coast.update()
    first = coast.asked
    coast.update(NOW + timedelta(minutes=30))

    assert [gone] == [url for url in first if url == gone]
    assert [] == coast.asked
    assert ("failed", "HTTP 404", None) == (lambda p: (p.state, p.reason, p.retry_at))(coast.facts()[gone])


def test_passing_failures_are_asked_for_again_ever_more_seldom():
    error = FetchError("https://harbour.example/a.jpg", "HTTP 500", status=500)
    facts: list[Picture] = []
    for _ in range(3):
        facts.append(sizing.after_failure(error, "lead", facts[-1] if facts else None, NOW))

    assert [(1, NOW + HOUR), (2, NOW + 4 * HOUR), (3, None)] == [(one.attempts, one.retry_at) for one in facts]


def test_a_host_that_wants_to_be_left_alone_costs_no_attempt():
    held = FetchError("https://harbour.example/a.jpg", "HTTP 429", kind="held", retry_after=7_200.0)
    fact = sizing.after_failure(held, "lead", None, NOW)

    assert (0, NOW + 2 * HOUR) == (fact.attempts, fact.retry_at)


def test_sizes_are_a_setting(coast):
    coast.hang()
    coast.settings(sizes=False)
    coast.update()

    assert [] == coast.asked


def test_a_cycle_asks_for_no_more_than_its_share(coast, monkeypatch):
    """The newest first; the next cycle goes on, and one under the same clock does not."""
    monkeypatch.setattr(sizing, "MOST", 2)
    coast.hang()
    coast.update()
    first = coast.asked
    coast.update()
    same = coast.asked
    coast.update(NOW + HOUR)

    assert (2, 0, 2) == (len(first), len(same), len(coast.asked))
    assert set(first).isdisjoint(coast.asked)


def test_an_old_article_is_not_asked_for(coast):
    """Pictures of what no story can take any more are nobody's errand."""
    coast.hang()
    coast.update(NOW + timedelta(days=30))

    assert [] == coast.asked


def test_when_our_own_line_is_down_nothing_is_held_against_a_picture(coast, monkeypatch):
    monkeypatch.setattr("broadsheet.run.weather.HOSTS", 2)
    coast.hang()
    for image in coast.images:
        coast.web.moved[image] = f"http://nowhere-{hash(image) % 9}.invalid/x"
    report = coast.update()

    assert "pictures failed at once: is the network down?" in report.paused
    assert {} == coast.facts()


# --- copies -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lit(coast: Coast) -> Coast:
    """The coast with thumbnails: five pictures are all there are, two of them the same."""
    coast.settings(thumbnails=True)
    coast.hang()
    return coast


def leads(coast: Coast) -> dict[str, Record]:
    return {url: one for url, one in coast.records().items() if one.published}


def test_leads_are_printed_as_small_copies_of_our_own(lit):
    """One file for each width and kind, though every address has the same bytes; the record keeps the address."""
    report = lit.update()
    name = copying.digest(QUAY)

    assert [f"{name}-320.jpg", f"{name}-320.webp", f"{name}-640.jpg", f"{name}-640.webp"] == lit.printed()
    for path in (lit.folder / "site" / "images" / name[:2]).iterdir():
        assert ("r", "g", "b", "w") == corners(path.read_bytes())
    found = leads(lit)
    assert len(found) == report.stories == 5
    for one in found.values():
        [image] = one.images
        assert image.url in lit.images
        assert (900, 600, True) == (image.width, image.height, image.is_cached)
    assert any(b"    isCached: true\n" in file.read_bytes() for file in (lit.folder / "site" / "_news").iterdir())


def test_the_site_shows_them_with_room_set_aside(lit):
    """`<picture>` with WebP and JPEG, both widths, width and height; nothing that is not ours is asked for."""
    lit.update()
    name = f"images/{copying.digest(QUAY)[:2]}/{copying.digest(QUAY)}"
    front = (lit.folder / "site" / "index.html").read_text()
    story = next((lit.folder / "site" / "story").glob("*/index.html")).read_text()

    assert f'<source type="image/webp" srcset="{name}-320.webp 320w, {name}-640.webp 640w"' in front
    assert 'width="640" height="427" alt="" fetchpriority="high"' in front
    assert 'loading="lazy"' in front
    assert f'src="../../{name}-640.jpg"' in story
    assert f'<meta property="og:image" content="https://ferries.test/{name}-640.jpg">' in story
    for page in (lit.folder / "site").rglob("*.html"):
        assert ".example/" not in "".join(part.partition(">")[0] for part in page.read_text().split("<img")[1:])


def test_an_index_says_where_the_copies_of_a_picture_are(lit):
    lit.update()
    index = json.loads((lit.folder / "site" / "_data" / "pictures.json").read_text())
    api = json.loads((lit.folder / "site" / "api" / "news" / "index.json").read_text())

    assert {one.images[0].url for one in leads(lit).values()} == set(index)
    for copies in index.values():
        assert [(320, 213), (320, 213), (640, 427), (640, 427)] == [(c["width"], c["height"]) for c in copies]
        assert all((lit.folder / "site" / c["path"]).is_file() for c in copies)
    assert {True} == {image["isCached"] for item in api["value"] for image in item["images"]}


def test_an_unchanged_edition_writes_nothing_and_asks_nobody(lit):
    git_init(lit.folder)
    first = lit.update()
    again = lit.update()
    later = lit.update(NOW + 24 * HOUR)

    assert first.written and first.commit
    assert [(0, 0, ""), (0, 0, "")] == [(one.written, one.removed, one.commit) for one in (again, later)]
    assert [] == lit.asked
    assert "images/" in git(lit.folder, "ls-files", "site")
    assert ".broadsheet" not in git(lit.folder, "ls-files")


def test_what_is_printed_does_not_depend_on_the_workers(lit, tmp_path):
    """One process or several, in one order of sources or the other: the same tree."""
    lit.update(executor="processes:2")
    other = Coast(tmp_path / "q", lit.web)
    small_web.publication(other.folder, address=lit.web.address, reverse=True)
    other.settings(thumbnails=True)
    update(other.folder, NOW)

    assert tree(lit.folder) == tree(other.folder)


def test_turned_off_they_are_gone_and_turned_on_again_they_come_from_the_disk(lit):
    lit.update()
    lit.settings()
    off = lit.update()
    none, cached = lit.printed(), {i.is_cached for one in lit.records().values() for i in one.images}
    lit.settings(thumbnails=True)
    lit.update()

    assert ([], {False}) == (none, cached)
    assert off.removed >= 4
    assert 4 == len(lit.printed())
    assert [] == lit.asked


def test_an_opt_out_that_comes_later_removes_what_is_kept(lit):
    """The page is read again, now with noimageai: the copies leave the site and the private folder."""
    url = next(iter(leads(lit)), "") or (lit.update() and next(iter(leads(lit))))
    lone = lit.image_of(url)
    lit.web.bodies[lone] = BOAT
    name = copying.digest(BOAT)
    with opened(lit.folder) as (_, store):
        store.put_pictures([Picture(url=lone, state="sized", fetched_at=NOW)])
    lit.update(NOW + HOUR)
    there = [file for file in lit.printed() if file.startswith(name)]
    lit.change(url, lambda _: None, head='<meta name="robots" content="noimageai">')
    with opened(lit.folder) as (_, store):
        [before] = [outcome for outcome in store.outcomes() if outcome.article == url and outcome.state == "printed"]
        state = {"state": "waiting", "retry_at": NOW}
        store.put_outcomes([type(before)(url=before.url, article=url, **state)])
    lit.update(NOW + 2 * HOUR)

    assert 4 == len(there)
    assert [] == [file for file in lit.printed() if file.startswith(name)]
    assert [] == list((lit.folder / ".broadsheet" / "pictures").rglob(f"{name}*"))
    assert ("refused", "") == (lambda p: (p.state, p.hash))(lit.facts()[lone])
    assert "noimageai" in lit.facts()[lone].reason
    assert [False] == [i.is_cached for i in lit.records()[url].images]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (png(20_000, 20_000, colour=0), "its pixels are more than 50 million"),
        (png(4_500, 4_500, colour=0), "4500x4500 pixels are more than 16 million"),
        (QUAY[:3_000], "it cannot be decoded"),
        (b"\xff\xd8\xff" + HTML, "it cannot be decoded"),
        (SVG, "no picture: an SVG drawing"),
    ],
)
@pytest.mark.parametrize("executor", ["serial", "processes:1"])
def test_hostile_pictures_are_refused_once_with_a_reason(lit, body, reason, executor):
    lit.hang(body)
    report = lit.update(executor=executor)
    lit.update(NOW + HOUR, executor=executor)

    assert 5 == report.stories
    assert ([], []) == (lit.printed(), lit.asked)
    assert {True} == {
        picture.reason.startswith(reason)
        for url, picture in lit.facts().items()
        if picture.state != "failed" and url in {i.url for one in leads(lit).values() for i in one.images}
    }
    assert {False} == {i.is_cached for one in lit.records().values() for i in one.images}


def test_more_bytes_than_a_picture_may_have_are_not_read(lit):
    """The size is known by the beginning; the copy is not made, and nobody asks again."""
    lit.hang(QUAY + bytes(9 * 1024 * 1024))
    lit.update()
    lit.update(NOW + 24 * HOUR)

    assert [] == lit.asked
    assert {("failed", 900, "body over 8 MiB")} == {
        (p.state, p.width, p.reason) for p in lit.facts().values() if p.state != "sized"
    }


def test_what_kills_its_worker_is_refused_and_not_tried_again():
    fact = keeping._noted(Original(url="u", use="lead", body=b""), Poisonous("the process was killed", "u"), None, NOW)

    assert ("refused", "the process was killed", None) == (fact.state, fact.reason, fact.retry_at)


def test_files_that_are_lost_are_made_again(lit):
    """Somebody cleared the private folder: no page points at what is not there, and the pictures come back."""
    lit.update()
    for file in (lit.folder / ".broadsheet" / "pictures").rglob("*.webp"):
        file.unlink()
    lit.update(NOW + HOUR)

    assert 4 == len(lit.printed())
    assert 5 == len(lit.asked)


def test_no_page_points_at_a_picture_that_is_not_there(lit):
    lit.update()
    for file in (lit.folder / ".broadsheet" / "pictures").rglob("*-320.jpg"):
        file.unlink()
    assert 0 == run(["publish", "-C", str(lit.folder), "--as-of", NOW.isoformat()])

    assert [] == lit.printed()
    assert "<picture>" not in (lit.folder / "site" / "index.html").read_text()


def test_a_cycle_that_is_archived_is_replayed_with_its_pictures(lit, tmp_path):
    """Beginnings and whole pictures alike: the same tree without a network."""
    pytest.importorskip("fastwarc", reason="fastwarc is not there: archives are not tested")
    lit.update(archive=tmp_path / "a.warc.gz")
    replay = Coast(tmp_path / "q", lit.web)
    replay.settings(thumbnails=True)
    replay.update(offline=tmp_path / "a.warc.gz")

    assert [] == replay.asked
    assert tree(lit.folder) == tree(replay.folder)


def test_without_pillow_the_setting_is_one_line_of_advice(lit, monkeypatch, capsys):
    """Nothing is fetched; doctor says the same."""
    monkeypatch.setattr(copying, "find_spec", lambda _: None)
    with pytest.raises(UsageError):
        lit.update()
    code = run(["update", "-C", str(lit.folder)])
    told = capsys.readouterr().err.splitlines()
    [check] = [one for one in answering.doctor(lit.folder, NOW) if one.name == "thumbnails"]

    assert [] == lit.web.answered
    assert code != 0
    assert [
        "broadsheet: thumbnails need Pillow: broadsheet.toml, [images] thumbnails: "
        "pip install 'broadsheet[images]', or set it to false"
    ] == told
    assert (False, "thumbnails need Pillow") == (check.ok, check.found)


def test_doctor_says_what_copies_are_made_of(lit):
    [check] = [one for one in answering.doctor(lit.folder, NOW) if one.name == "thumbnails"]

    assert check.ok
    assert check.found.startswith("made of jpeg, png, webp, gif")


# --- logos ------------------------------------------------------------------------------------------------------------

LOGO = picture("PNG", 512, 512)


def with_logos(coast: Coast, body: bytes = LOGO) -> None:
    for url in coast.pages:
        host = url.split("/")[2]
        logo = {"@type": "ImageObject", "url": f"http://{host}/logo.png", "width": 512, "height": 512}
        coast.change(
            url, lambda said, logo=logo: said.update(publisher={"@type": "Organization", "name": "Post", "logo": logo})
        )
        coast.web.bodies[f"http://{host}/logo.png"] = body


def test_a_provider_has_a_logo_of_our_own(lit):
    """50x50 in the record, at our address and without `isCached`, as the format has it."""
    with_logos(lit)
    lit.update()
    name = copying.digest(LOGO)

    assert {f"{name}-50x50.png", f"{name}-400x400.png"} <= set(lit.printed())
    for one in leads(lit).values():
        [logo] = one.provider.images
        assert (f"https://ferries.test/images/{name[:2]}/{name}-50x50.png", 50, 50, False) == (
            logo.url, logo.width, logo.height, logo.is_cached,
        )  # fmt: skip


def test_a_provider_of_the_registry_has_its_file_printed_with_the_logos(lit):
    """Only the logos change; a registry that names files of the site itself is left as it is."""
    with_logos(lit)
    organizations = lit.folder / "organizations"
    organizations.mkdir()
    (organizations / "p0.example.md").write_text(
        "---\ntaxonomy: organization\n_id: p0.example\nname: Zero\ndomain: p0.example\nimages:\n  - url: http://p0.example/logo.png\n    width: 512\n    height: 512\nnote: kept\n---\n"
    )
    (organizations / "p1.example.md").write_text(
        "---\n_id: p1.example\nname: One\ndomain: p1.example\nimages:\n- url: /assets/one-50x50.jpg\n  width: 50\n  height: 50\n---\n"
    )
    lit.update()
    name = copying.digest(LOGO)
    printed = lit.folder / "site" / "_data" / "organizations"

    assert (
        f"---\ntaxonomy: organization\n_id: p0.example\nname: Zero\ndomain: p0.example\nimages:\n"
        f"  - url: /images/{name[:2]}/{name}-50x50.png\n    width: 50\n    height: 50\n"
        f"  - url: /images/{name[:2]}/{name}-400x400.png\n    width: 400\n    height: 400\nnote: kept\n---\n"
    ) == (printed / "p0.example.md").read_text()
    assert (organizations / "p1.example.md").read_bytes() == (printed / "p1.example.md").read_bytes()
    assert "http://p1.example/logo.png" not in lit.asked
    assert {"https://ferries.test/assets/one-50x50.jpg"} == {
        i.url for one in lit.records().values() if one.provider.domain == "p1.example" for i in one.provider.images
    }


def test_without_the_setting_no_logo_is_asked_for(coast):
    with_logos(coast)
    coast.hang()
    coast.update()

    assert [] == [url for url in coast.asked if url.endswith("logo.png")]
    assert {()} == {one.provider.images for one in coast.records().values()}


def test_a_logo_that_is_a_program_is_refused(lit):
    with_logos(lit, SVG)
    lit.update()

    assert {()} == {one.provider.images for one in lit.records().values()}
    assert {"refused"} == {p.state for url, p in lit.facts().items() if url.endswith("logo.png")}
