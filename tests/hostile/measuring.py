"""What a behaviour cost this process, and a lock that keeps it at home: nothing but loopback is ever dialled."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def reset_peak() -> float:
    """Let the peak of resident memory begin anew at what is resident now, in MiB. Source: proc(5), clear_refs."""
    Path("/proc/self/clear_refs").write_text("5")
    return _mebibytes("VmRSS")


def peak() -> float:
    """Most MiB that were resident since reset_peak. Not ru_maxrss: a child inherits that from who started it."""
    return _mebibytes("VmHWM")


def _mebibytes(name: str) -> float:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1_024


def open_sockets() -> int:
    """Sockets that this process holds."""
    held = 0
    for entry in os.scandir("/proc/self/fd"):
        try:
            held += str(Path(entry.path).readlink()).startswith("socket:")
        except OSError:  # the directory's own, which is closed by now
            continue
    return held


def stay_at_home() -> list[str]:
    """From now on refuse every connection and look-up beyond loopback; the list fills with what was refused.

    A guard of the test machine, below every library: what it catches is a defect of whoever asked.
    """
    tried: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            address = arguments[1]
            host = str(address[0]) if isinstance(address, tuple) else ""
        elif event == "socket.getaddrinfo":
            host = str(arguments[0] or "")
        else:
            return
        if host and not _is_home(host):
            tried.append(host)
            raise OSError(f"{host} is beyond this machine")

    sys.addaudithook(watch)
    return tried


def _is_home(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
