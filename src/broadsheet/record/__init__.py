"""A story's record as front matter and back, byte for byte; the only place that knows camelCase.

parse(data) -> (record, line end)       dump(record, line end) -> data       check(data) -> problems
file_name(...)                          to_article(record), from_article(article), related_of(article), identity(record)
dump_organization(provider) -> data     the file of a provider in the registry
dump_issue(issue, address, page) -> data the file of a newsletter
with_logos(data, logos) -> data         the same with other logos
"""

from __future__ import annotations

from .checking import check
from .conversion import file_name, from_article, identity, related_of, to_article
from .reading import parse
from .writing import dump, dump_issue, dump_organization, with_logos

__all__ = [
    "check",
    "dump",
    "dump_issue",
    "dump_organization",
    "file_name",
    "from_article",
    "identity",
    "parse",
    "related_of",
    "to_article",
    "with_logos",
]
