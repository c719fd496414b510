"""Certificates of the hostile web's TLS listeners: one that is good, and the ways not to be."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta
from pathlib import Path

import trustme

LISTENERS = ("good", "expired", "early", "elsewhere", "unknown", "self-signed")


def contexts(folder: Path, now: datetime) -> tuple[dict[str, ssl.SSLContext], Path]:
    """A TLS context for each listener, and the certificate of the one authority that visitors trust.

    now: the machine's clock, since that is what certificates are held against.
    """
    known, unknown = trustme.CA(), trustme.CA()
    name = "*.hostile.example"
    day = timedelta(days=1)
    issued = {
        "good": known.issue_cert(name),
        "expired": known.issue_cert(name, not_before=now - 9 * day, not_after=now - day),
        "early": known.issue_cert(name, not_before=now + day, not_after=now + 9 * day),
        "elsewhere": known.issue_cert("elsewhere.example"),
        "unknown": unknown.issue_cert(name),
    }
    made = {}
    for listener, certificate in issued.items():
        made[listener] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(made[listener])
    own = folder / "self-signed.pem"
    unknown.cert_pem.write_to_path(str(own))
    unknown.private_key_pem.write_to_path(str(own), append=True)
    made["self-signed"] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made["self-signed"].load_cert_chain(own)
    authority = folder / "authority.pem"
    known.cert_pem.write_to_path(str(authority))
    return made, authority
