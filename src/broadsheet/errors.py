"""The error tree, with what the run does about each.

BroadsheetError
├── UsageError        the command or a configuration file is wrong: nothing is done
├── FetchError        one resource could not be retrieved: the run goes on without it
├── ParseError        one fetched document could not be read: it ends in an outcome
│   ├── NotAnArticle  a page was read and is no article: it ends in an outcome
│   ├── OptedOut      a page asks not to be listed: it ends in an outcome
│   └── Poisonous     reading it took a worker down: it is quarantined
├── MailError         a mail server did not take a message: it ends in the ledger of deliveries
├── RecordError       one record file breaks the format: it is reported and left alone
├── SealError         one sealed value does not open: it is reported and left alone
├── StoreError        the store refused: the transaction is undone and the run stops
└── OutputError       a file could not be written: the run stops, the store is intact
"""

from __future__ import annotations


class BroadsheetError(Exception):
    """What failed, where, and what to do; printed on one line as `what: where: advice`."""

    def __init__(self, what: str, where: str = "", advice: str = "") -> None:
        super().__init__(what, where, advice)  # args in full, so it survives pickling
        self.what, self.where, self.advice = what, where, advice

    def __str__(self) -> str:
        parts = (self.what, self.where, self.advice)
        return ": ".join(" ".join(part.split()) for part in parts if part)


class UsageError(BroadsheetError):
    """The command line or a configuration file is wrong; nothing was done."""


class FetchError(BroadsheetError):
    """One resource could not be retrieved; the run goes on without it.

    url: what was asked for. reason: a short phrase, such as `HTTP 404` or `deadline of 20 s passed`.
    kind: what the run decides by, one of KINDS. status: of the HTTP answer, 0 without one.
    permanent: asking again will not help (a 404, a refused scheme), so the entry ends here.
    retry_after: seconds that the host asked us to wait, if it did.
    """

    KINDS = (
        "network",  # no HTTP answer: name not found, no connection, TLS, broken off, the deadline passed
        "http",  # an answer with a status that brings nothing
        "bounds",  # an answer beyond our limits: size, encoding, redirects
        "refused",  # an address that we do not ask: scheme, port, private network
        "robots",  # robots.txt forbids it
        "held",  # not asked at all: the host wants to be left alone until later, which counts as no attempt
    )

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        kind: str = "http",
        status: int = 0,
        permanent: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason, url, "")
        self.url, self.reason, self.kind, self.status = url, reason, kind, status
        self.permanent, self.retry_after = permanent, retry_after

    def __reduce__(self) -> tuple[object, ...]:
        return _fetch_error, (self.url, self.reason, self.kind, self.status, self.permanent, self.retry_after)

    def __str__(self) -> str:
        wait = f"; retry in {self.retry_after:.0f} s" if self.retry_after else ""
        return f"cannot fetch {self.url}: {self.reason}{wait}"


def _fetch_error(
    url: str, reason: str, kind: str, status: int, permanent: bool, retry_after: float | None
) -> FetchError:
    return FetchError(url, reason, kind=kind, status=status, permanent=permanent, retry_after=retry_after)


class ParseError(BroadsheetError):
    """One fetched document could not be read."""


class NotAnArticle(ParseError):
    """A page was read and is no article (a list, a home page, a shop). text: what was read of it, for whoever asks."""

    def __init__(self, what: str, where: str = "", text: str = "") -> None:
        super().__init__(what, where)
        self.args = (what, where, text)  # in full, so it survives pickling
        self.text = text


class OptedOut(ParseError):
    """A page asks not to be listed; what says so and where. Nothing of it is kept."""


class Poisonous(ParseError):
    """Reading a document hung, exploded or killed the process that did it."""


class MailError(BroadsheetError):
    """A mail server did not take a message. kind: what the run decides by, one of KINDS."""

    KINDS = (
        "away",  # no connection, or it was lost before the message left
        "later",  # refused for now (4yz)
        "gone",  # there is no such mailbox (5yz for the recipient)
        "refused",  # refused for good, for another reason than the recipient
        "unknown",  # the connection was lost after the message left: it may have arrived
    )

    def __init__(self, what: str, where: str, kind: str) -> None:
        super().__init__(what, where)
        self.args = (what, where, kind)  # in full, so it survives pickling
        self.kind = kind


class RecordError(BroadsheetError):
    """One record file breaks the format."""


class SealError(BroadsheetError):
    """One sealed value does not open."""


class StoreError(BroadsheetError):
    """The store refused or cannot be reached; the transaction was undone."""


class OutputError(BroadsheetError):
    """A file could not be written; the store is intact and the next run tries again."""
