"""The command line: parse, call one function, show. An error is one line; exit codes are in options.py."""

from __future__ import annotations

import os
import sys

import typer
from typer.main import get_command

from .. import __version__
from ..errors import BroadsheetError, UsageError
from . import cycle, demo, engagement, evaluate, newsletter, pipes, providers, questions, review, seal, topics
from .options import DONE, FAILED, WRONG_USAGE, app

__all__ = [
    "app",
    "cycle",
    "demo",
    "engagement",
    "evaluate",
    "main",
    "newsletter",
    "pipes",
    "providers",
    "questions",
    "review",
    "run",
    "seal",
    "topics",
]


def main() -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(args: list[str]) -> int:
    """Run one command; returns its exit code. Nothing but a defect of ours leaves as an exception."""
    if args in (["--version"], ["-V"]):
        typer.echo(f"broadsheet {__version__}")
        return DONE
    try:
        result = get_command(app).main(args=args, prog_name="broadsheet", standalone_mode=False)
        return result if isinstance(result, int) else DONE
    except typer.TyperException as exc:
        message = exc.format_message() if hasattr(exc, "format_message") else str(exc)
        if not args or message.lstrip().startswith("Usage:"):  # no command given: that is a wish for help
            typer.echo(message)
            return WRONG_USAGE
        return _fail(" ".join(message.split()).rstrip("."), WRONG_USAGE, "see broadsheet --help")
    except UsageError as exc:
        return _fail(str(exc), WRONG_USAGE)
    except BroadsheetError as exc:
        return _fail(str(exc), FAILED)
    except typer.Exit as exc:
        return int(exc.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return _fail("stopped", FAILED, "run it again to go on")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone: `| head`
        return DONE


def _fail(message: str, code: int, advice: str = "") -> int:
    typer.echo(f"broadsheet: {message}{f': {advice}' if advice else ''}", err=True)
    return code
