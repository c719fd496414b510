"""Where everything of the API lies. Source: OpenAPI Specification 3.1."""

from __future__ import annotations

from typing import Any

from ... import text
from ...types import File, Publication
from ._form import ROOT, file
from ._pages import topics
from ._schema import PATH, definitions

Parameters = dict[str, dict[str, Any]]

_PAGE: Parameters = {"page": {"type": "integer", "minimum": 1}}
_STORY: Parameters = {
    "year": {"type": "string", "pattern": r"^\d{4}$"},
    "month": {"type": "string", "pattern": r"^\d{2}$"},
    "day": {"type": "string", "pattern": r"^\d{2}$"},
    "slug": {"type": "string"},
}


def openapi(publication: Publication) -> File:
    """`api/openapi.json`."""
    title = text.clean(publication.title)
    value = {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": "Files that change when what they show does: ask for them with If-None-Match.",
        },
        "servers": [{"url": publication.url.rstrip("/")}],
        "paths": _paths(publication),
        "components": {"schemas": definitions("#/components/schemas/")},
    }
    return file("api/openapi.json", value)


def _paths(publication: Publication) -> dict[str, Any]:
    below = [topic.id for topic in topics(publication.topics)]
    topic: Parameters = {"topic": {"type": "string", "enum": below}}
    found = {
        **_of_pages("", "", {}),
        f"/{ROOT}/archive/index.json": _get("archive", "The list of the archive's pages", "archive", {}),
        f"/{ROOT}/archive/{{page}}/index.json": _get(
            "archivePage", "A hundred stories in the order in which they were printed", "archivePage", _PAGE
        ),
        f"/{ROOT}/{{year}}/{{month}}/{{day}}/{{slug}}/index.json": _get(
            "item", "One printed story, at the name of its page", "item", _STORY
        ),
        f"/{ROOT}/counts.json": _get("counts", "How much is printed", "counts", {}),
        f"/{PATH}": _get("schema", "JSON Schema of these files", "", {}),
    }
    return found | (_of_pages("/{topic}", "OfTopic", topic) if below else {})


def _of_pages(folder: str, suffix: str, topic: Parameters) -> dict[str, Any]:
    """The three addresses of pages, below `folder`."""
    whose = " of a topic" if topic else ""
    newest, page = f"The newest records{whose}", f"A page of records{whose}"
    return {
        f"/{ROOT}{folder}/index.json": _get(f"newest{suffix}", newest, "page", topic),
        f"/{ROOT}{folder}/page/{{page}}/index.json": _get(f"page{suffix}", page, "page", topic | _PAGE),
        f"/{ROOT}{folder}/page{{page}}/index.json": _get(
            f"oldPage{suffix}", f"{page}, at the address that it had first", "page", topic | _PAGE, deprecated=True
        ),
    }


def _get(name: str, summary: str, kind: str, parameters: Parameters, *, deprecated: bool = False) -> dict[str, Any]:
    """kind: name of the schema of the answer; empty: any JSON."""
    schema = {"$ref": f"#/components/schemas/{kind}"} if kind else {"type": "object"}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            **({"deprecated": True} if deprecated else {}),
            "parameters": [
                {"name": key, "in": "path", "required": True, "schema": value} for key, value in parameters.items()
            ],
            "responses": {
                "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
                "404": {"description": "There is none, or no longer"},
            },
        }
    }
