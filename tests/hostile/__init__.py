"""A hostile web on loopback: named behaviours of servers and documents, each with what it must end in.

`python -m tests.hostile` serves it, goes through the whole table in a fresh process and prints a JSON line for each
behaviour; `python -m tests.hostile naive` does the same with a careless client, which shows that the table can fail.
"""

from . import charset, compression, dates, guids, html, listings, network, redirect, statuses, titles, tls, workers, xml
from .behaviour import TABLE

__all__ = ["TABLE", "charset", "compression", "dates", "guids", "html", "listings", "network", "redirect", "statuses", "titles", "tls", "workers", "xml"]  # fmt: skip
