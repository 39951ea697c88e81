"""The program ``archiver``: its commands, and what happens when one fails."""

from __future__ import annotations

import io
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

import formats
from archiver.cli.errors import Unexpected
from archiver.cli.exits import INTERRUPTED, SUCCESS, UNEXPECTED, USAGE, status_of
from archiver.cli.program import program
from archiver.cli.terminal.completion import prepare
from archiver.cli.terminal.console import complain, forget_notices
from archiver.cli.terminal.help import install_translations
from archiver.cli.terminal.usage_errors import print_usage_error
from archiver.errors import InstallationOverwritten, Interrupted
from formats.errors import Failure

TRACE = "ARCHIVER_TRACE"
"""Set to anything, it shows where in the program an unexpected fault came from."""

STOPS = {
    "SIGINT": signal.default_int_handler,
    "SIGTERM": signal.SIG_DFL,
    "SIGHUP": signal.SIG_DFL,
    "SIGBREAK": signal.SIG_DFL,
}
"""Signals that end a program politely, as far as the system has them, and what they do before we say otherwise."""


def run() -> None:
    """Run the program and leave with its exit status."""
    # numpy's linear algebra, which nothing here uses, would start a thread a core and let each spin
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name, usual in STOPS.items():
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is usual:  # nohup ignores SIGHUP
            signal.signal(number, _stop)
    speak_utf8()
    if getattr(formats, "DISTRIBUTION", "") != "archiver":
        failure = InstallationOverwritten()
        complain(failure)
        sys.exit(status_of(failure))
    sys.exit(status(sys.argv[1:]))


def speak_utf8() -> None:
    """Write UTF-8 into files and pipes; on a terminal, a letter it lacks becomes a question mark, no fault."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    """End the work as Ctrl-C does, so that nothing half done stays; a second one changes nothing."""
    for name in STOPS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    raise KeyboardInterrupt


def status(arguments: list[str]) -> int:
    """Run one command line and return its exit status."""
    install_translations()
    prepare()
    forget_notices()
    try:
        outcome = program()(arguments, standalone_mode=False, prog_name="archiver")
    except Failure as failure:
        complain(failure)
        return status_of(failure)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.TyperException as error:
        print_usage_error(error)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        complain(Interrupted())
        return INTERRUPTED
    except Exception as fault:
        if TRACE in os.environ:
            raise
        complain(Unexpected(kind=type(fault).__name__, reason=str(fault)))
        return UNEXPECTED
    if outcome == INTERRUPTED:  # what Typer makes of Ctrl-C, without a word
        complain(Interrupted())
    return outcome if isinstance(outcome, int) else SUCCESS
