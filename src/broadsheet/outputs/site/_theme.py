"""The templates and the style sheet: ours, and in the place of any of them what the publication's theme has."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FunctionLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)

from ... import text
from ...errors import UsageError
from ...types import File, Publication
from .. import _stories
from . import _view

ADVICE = "see docs/how-to/make-a-theme.md"
SHEET, EXTRA = "style.css", "extra.css"


def environment(publication: Publication) -> Environment:
    """Templates with every value escaped, and every string cleaned of characters that HTML forbids.

    A template of the theme stands in the place of ours of that name; `ours/` before a name always means ours.
    """
    return _environment(publication.site.theme, publication.theme_files)


def render(publication: Publication, template: str, facts: dict[str, object]) -> str:
    """A template with facts. Raises UsageError, with file and line, for what is wrong in a template of the theme."""
    try:
        return environment(publication).get_template(template).render(facts)
    except Exception as exc:
        where = _where(exc, f"{publication.site.theme}/") if publication.theme_files else ""
        if not where:
            raise
        raise UsageError(_what(exc), where, ADVICE) from exc


def sheet(publication: Publication) -> str:
    """The style sheet: ours without comments and spare white space, or the theme's as it is; then what it adds.

    Raises UsageError for a sheet of the theme that is not UTF-8.
    """
    return _sheet(publication.site.theme, publication.theme_files)


@lru_cache(maxsize=4)
def _environment(theme: str, theme_files: tuple[File, ...]) -> Environment:
    ours = PackageLoader("broadsheet.outputs.site")
    loaders: list[BaseLoader] = [PrefixLoader({"ours": ours}), ours]
    if theme_files:
        loaders.insert(0, FunctionLoader(_of_theme(theme, theme_files)))
    found = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    found.globals.update(absolute=_stories.absolute, topic_page=_stories.topic_page)
    found.filters.update(
        href=_stories.target, source=_view.source, summary=_stories.summary, iso=_stories.rfc3339,
        lang=_view.lang_and_dir, day=_view.day, clock=_view.clock, moment=_view.moment, plural=_view.plural,
        headline=_view.headline, signed=_view.signed, cut=_view.cut, was=_view.was,
    )  # fmt: skip
    for file in theme_files:
        if file.path.endswith(".html"):
            _check(found, theme, file)
    return found


Found = tuple[str, str, Callable[[], bool]]  # source, file name, whether it is still that


def _of_theme(theme: str, theme_files: tuple[File, ...]) -> Callable[[str], Found | None]:
    held = {file.path: file for file in theme_files if file.path.endswith(".html")}

    def load(name: str) -> Found | None:
        return (_decoded(theme, held[name]), f"{theme}/{name}", lambda: True) if name in held else None

    return load


def _check(found: Environment, theme: str, file: File) -> None:
    """Raise UsageError for a template that cannot be read, or that switches escaping off: what is printed was fetched
    from strangers."""
    path = f"{theme}/{file.path}"
    try:
        tree = found.parse(_decoded(theme, file), file.path, path)
    except TemplateSyntaxError as exc:
        raise UsageError(exc.message or "it cannot be read", f"{path}, line {exc.lineno}", ADVICE) from exc
    for switch in tree.find_all(nodes.EvalContextModifier):
        raise UsageError("a theme cannot switch escaping", f"{path}, line {switch.lineno}", ADVICE)
    for used in tree.find_all(nodes.Filter):
        if used.name == "safe":
            advice = "write markup into the template itself"
            raise UsageError("a theme cannot use the filter safe", f"{path}, line {used.lineno}", advice)


def _decoded(theme: str, file: File) -> str:
    try:
        return file.data.decode()
    except UnicodeDecodeError as exc:
        raise UsageError("not UTF-8", f"{theme}/{file.path}", "save it as UTF-8") from exc


def _where(exc: Exception, theme: str) -> str:
    """File and line in the theme where this was raised; empty where no template of it had a part in it."""
    if isinstance(exc, TemplateSyntaxError) and (exc.filename or "").startswith(theme):
        return f"{exc.filename}, line {exc.lineno}"
    frames = [frame for frame in traceback.extract_tb(exc.__traceback__) if frame.filename.startswith(theme)]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else ""


def _what(exc: Exception) -> str:
    if isinstance(exc, TemplateNotFound):
        return f"there is no template {exc}"
    return str(exc) if isinstance(exc, TemplateError) else f"{type(exc).__name__}: {exc}"


def _cleaned(value: object) -> object:
    """A string without the characters that HTML forbids; a space at its ends stays, markup of ours passes."""
    if type(value) is not str:
        return value
    return f"{' ' * value.startswith(' ')}{text.clean(value)}{' ' * value.endswith(' ')}"


@lru_cache(maxsize=4)
def _sheet(theme: str, theme_files: tuple[File, ...]) -> str:
    held = {file.path: file for file in theme_files}
    parts = [_decoded(theme, held[SHEET]) if SHEET in held else _ours()]
    if EXTRA in held:
        parts.append(_decoded(theme, held[EXTRA]))
    return "\n".join(part.strip() for part in parts) + "\n"


def _ours() -> str:
    written = files(__package__).joinpath(SHEET).read_text(encoding="utf-8")
    short = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    short = re.sub(r"\s*([{};,])\s*", r"\1", " ".join(short.split())).replace(";}", "}")
    return re.sub(r"([{;][-a-z]+): ", r"\1:", short)  # of declarations; a selector may need the space
