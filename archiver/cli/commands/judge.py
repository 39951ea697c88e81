"""``archiver judge``: does what anybody wrote keep the rules? No key, no store."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.output import AsJson
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("Judge what anybody wrote by every rule; no key is needed, and no store."))


class ProfileName(StrEnum):
    """Texts of the guide of portability archives; ``formats.judging.pdlgc.profiles`` says which is which."""

    SEPTEMBER = "pdlgc-0.1.0"
    JULY = "pdlgc-2026-07"
    JUNE = "pdlgc-2026-06"


Page = Annotated[
    Path | None,
    typer.Option(
        "--page", help=localize(mark("Where to write it as a page (HTML); an earlier one is replaced."))
    ),
]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("pdlgc", help=localize(mark("Judge a portability archive (PDLGC) of any software.")))(pdlgc)
    program.add_typer(app, name="judge")


def pdlgc(
    *,
    file: Annotated[Path, typer.Argument(help=localize(mark("The archive (PA….ZIP).")))],
    profile: Annotated[
        ProfileName, typer.Option("--profile", help=localize(mark("The text of the guide to judge by.")))
    ] = ProfileName.SEPTEMBER,
    page: Page = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.judging import judge
    from archiver.operations.judging.judge_file import JudgedKind, JudgingRequest

    request = JudgingRequest(kind=JudgedKind.PORTABILITY, place=file, profile=profile.value)
    return judge.run(request, page=page, as_json=as_json)
