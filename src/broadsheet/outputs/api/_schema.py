"""JSON Schema of what the API prints. Source: json-schema.org, draft 2020-12."""

from __future__ import annotations

from typing import Any

from ...types import File, Publication
from .. import _stories
from ._form import file

PATH = "api/schema.json"
KINDS = ("page", "item", "archive", "archivePage", "counts")  # of files
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$"

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
ORDINAL: Schema = {"type": "integer", "minimum": 1}


def schema(publication: Publication) -> File:
    """`api/schema.json`: one definition for each kind of file; a file is one of them."""
    made = definitions("#/$defs/")
    value = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _stories.absolute(publication, PATH),
        "title": "Files of the API",
        "oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in KINDS],
        "$defs": made,
    }
    return file(PATH, value)


def definitions(prefix: str) -> dict[str, Schema]:
    """Name -> schema. prefix: what a reference to one begins with, `#/$defs/` or `#/components/schemas/`."""

    def ref(name: str) -> Schema:
        return {"$ref": f"{prefix}{name}"}

    def some(name: str) -> Schema:
        return {"oneOf": [{"type": "null"}, {"type": "array", "minItems": 1, "items": ref(name)}]}

    record = _record(ref, some)
    return {
        "page": _closed(
            "Published records, newest first, 25 a page.",
            {
                "page": ORDINAL,
                "value": {"type": "array", "maxItems": 25, "items": ref("record")},
                "nextPage": _said("Number of the next page; null on the last.", type=["integer", "null"], minimum=2),
            },
        ),
        "item": _closed(
            "A printed story: the record of its lead, its coverage, and the reasons of its numbers.",
            record
            | {
                "id": _said("Of the story: it never changes.", type="string"),
                "pageUrl": _said("The story's page, where there is a site.", type=["string", "null"]),
                "quality": _said("Points of the lead.", type="integer", minimum=0),
                "reasons": _closed(
                    "What heat and quality are made of; points add up to them.",
                    {key: {"type": "array", "items": ref("reason")} for key in ("heat", "quality")},
                ),
                "related": {"type": "array", "items": ref("related")},
            },
            optional=("isAccessibleForFree",),
        ),
        "archive": _closed(
            "Pages of the archive, and how many stories of each are still printed.",
            {
                "stories": COUNT,
                "pageSize": ORDINAL,
                "pages": {"type": "array", "items": ref("archiveLine")},
            },
        ),
        "archivePage": _closed(
            "Stories in the order in which they were printed, the oldest first. A page that is full stays as it is.",
            {
                "page": ORDINAL,
                "previousPage": _said("Number of the page with older stories.", type=["integer", "null"], minimum=1),
                "from": ref("time"),
                "to": ref("time"),
                "value": {"type": "array", "maxItems": 100, "items": ref("printing")},
            },
        ),
        "counts": _counts(ref),
        "record": _closed("A published record.", record, optional=("isAccessibleForFree",)),
        **_parts(ref, some),
    }


def _record(ref: Any, some: Any) -> dict[str, Schema]:
    return {
        "path": _said("File of the record.", type="string"),
        "title": TEXT,
        "excerpt": MAYBE,
        "sourceUrl": MAYBE,
        "webUrl": _said("Where to read it; null for what is embedded on our own page.", type=["string", "null"]),
        "originalUrl": MAYBE,
        "featuredContent": _said("HTML that embeds a video: untrusted.", type=["string", "null"]),
        "highlight": MAYBE,
        "heat": _said("Points of the story.", type="integer", minimum=0),
        "tags": {"type": ["array", "null"], "items": TEXT},
        "images": some("image"),
        "content": TEXT,
        "type": {"enum": ["article", "video"]},
        "ampWebUrl": MAYBE,
        "cdnAmpWebUrl": MAYBE,
        "publishedDateTime": ref("time"),
        "updatedDateTime": {"oneOf": [{"type": "null"}, ref("time")]},
        "provider": {"oneOf": [{"type": "null"}, ref("provider")]},
        "locale": TEXT,
        "categories": {"type": "array", "items": TEXT},
        "topics": {"type": "array", "items": TEXT},
        "isAccessibleForFree": _said("False where the publisher says so; else absent.", const=False),
    }


def _counts(ref: Any) -> Schema:
    topic = _closed("", {"id": TEXT, "name": TEXT, "stories": COUNT})
    month = _closed("", {"month": {"type": "string", "pattern": r"^\d{4}-\d{2}$"}, "stories": ORDINAL})
    return _closed(
        "How much is printed.",
        {
            "updatedDateTime": ref("time"),
            "stories": COUNT,
            "articles": _said("That these stories are made of.", type="integer", minimum=0),
            "providers": _said("That these articles are of.", type="integer", minimum=0),
            "topics": {"type": "array", "items": topic},
            "months": {"type": "array", "items": month},
        },
    )


def _parts(ref: Any, some: Any) -> dict[str, Schema]:
    name = _closed("An organisation; its domain is its identity.", {"name": TEXT, "domain": TEXT})
    return {
        "archiveLine": _closed(
            "", {"page": ORDINAL, "url": TEXT, "from": ref("time"), "to": ref("time"), "stories": COUNT}
        ),
        "printing": _closed(
            "A story as it was first printed.",
            {
                "id": TEXT,
                "url": _said("Its item.", type="string"),
                "pageUrl": MAYBE,
                "title": TEXT,
                "excerpt": TEXT,
                "webUrl": MAYBE,
                "type": {"enum": ["article", "video"]},
                "language": _said("Language tag, BCP 47.", type=["string", "null"]),
                "publishedDateTime": ref("time"),
                "printedDateTime": ref("time"),
                "provider": name,
                "authors": {"type": "array", "items": TEXT},
                "topics": {"type": "array", "items": TEXT},
            },
        ),
        "related": _closed(
            "Another article of the story.",
            {
                "title": TEXT,
                "provider": name,
                "webUrl": MAYBE,
                "publishedDateTime": ref("time"),
                "quality": COUNT,
            },
        ),
        "reason": _closed("", {"factor": TEXT, "value": TEXT, "points": {"type": "integer"}}),
        "provider": _closed(
            "",
            {
                "name": TEXT,
                "domain": TEXT,
                "images": some("image"),
                "publishers": {"type": "null"},
                "authors": {"type": "null"},
            },
        ),
        "image": _closed(
            "Size in pixels, where it is known.",
            {
                "url": TEXT,
                "width": {"type": ["integer", "null"], "minimum": 1},
                "height": {"type": ["integer", "null"], "minimum": 1},
                "title": MAYBE,
                "attribution": MAYBE,
                "isCached": {"type": "boolean"},
            },
        ),
        "time": {"type": "string", "format": "date-time", "pattern": _TIME},
    }


def _closed(description: str, properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    """An object with these keys and no others."""
    return {
        **({"description": description} if description else {}),
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key not in optional],
        "additionalProperties": False,
    }


def _said(description: str, **rest: Any) -> Schema:
    return {"description": description, **rest}
