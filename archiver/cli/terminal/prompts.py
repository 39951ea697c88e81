"""Questions to whoever sits at the terminal, in their language: the only place that asks."""

from __future__ import annotations

import typer

from archiver.cli.terminal.console import note
from archiver.cli.terminal.language import localize
from formats.words import mark

SUFFIX = mark(": ")
"""What stands between a question and its answer."""
YES, NO = ("y", "yes", "o", "oui"), ("n", "no", "non")
REPEAT = mark("The same once more")


def ask(question: str, *, default: str | None = None, hidden: bool = False, repeat: bool = False) -> str:
    """Return the answer to ``question``, a translated sentence without a stop; nothing is ``default``.

    With ``hidden`` it is not shown while it is typed; with ``repeat`` it is asked for twice until both agree.

    Raises:
        Abort: when whoever is asked ends the program, or there is no more input.
    """
    while True:
        answer = _typed(question, default, hidden)
        if not repeat or not answer or _typed(localize(REPEAT), "", hidden) == answer:
            return answer
        note(mark("The two entries differ; please begin again."))


def ask_yes_or_no(question: str, *, default: str | None = None) -> bool:
    """Return whether the answer to ``question`` is yes, in either language; raises as ``ask``.

    Without a ``default``, anything but yes or no is asked again.
    """
    while True:
        answer = ask(question, default=default).strip().casefold()
        if answer in YES or answer in NO or default is not None:
            return answer in YES


def _typed(question: str, default: str | None, hidden: bool) -> str:
    suffix = localize(SUFFIX)
    answer = typer.prompt(
        question, default=default, hide_input=hidden, show_default=False, err=True, prompt_suffix=suffix
    )
    return str(answer)
