"""``archiver judge``: does what anybody wrote keep the rules? No key, no store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.trust import Roots
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from formats.words import mark

app = TranslatedTyper(mark("Judge what anybody wrote by every rule; no key is needed, and no store."))


class ProfileName(StrEnum):
    """Texts of the guide of portability archives; ``formats.judging.pdlgc.profiles`` says which is which."""

    SEPTEMBER = "pdlgc-0.1.0"
    JULY = "pdlgc-2026-07"
    JUNE = "pdlgc-2026-06"


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgementOutput:
    """Where a judgement goes."""

    page: Annotated[
        Path | None,
        typer.Option(
            "--page", help=localize(mark("Where to write it as a page (HTML); an earlier one is replaced."))
        ),
    ] = None
    as_json: AsJson = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """Schemas and schematrons that a person has: those of the ANS are not shipped."""

    schemas: Annotated[
        Path | None,
        typer.Option("--schemas", help=localize(mark("Folder of the ANS's XML schemas (CDA_extended.xsd)."))),
    ] = None
    schematrons: Annotated[
        Path | None,
        typer.Option(
            "--schematrons", help=localize(mark("Folder of the ANS's schematrons (moteur/, *.sch)."))
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedOptions:
    """Whom a person accepts as signers of the archive."""

    roots: Roots = None
    crl: Annotated[
        list[Path] | None,
        typer.Option(
            "--crl", help=localize(mark("Revocation list to judge the signer's certificate with (--roots)."))
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.crl and not self.roots:
            raise SayHow(mark("A revocation list is judged with the roots that you accept: --roots"))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("pdlgc", help=localize(mark("Judge a portability archive (PDLGC) of any software.")))(
        taking_groups(pdlgc)
    )
    app.command("xdm", help=localize(mark("Judge a medium of documents (IHE XDM): a folder or a ZIP.")))(
        taking_groups(xdm)
    )
    app.command("cda", help=localize(mark("Judge a clinical document (CDA R2).")))(taking_groups(cda))
    app.command("dicom", help=localize(mark("Judge a DICOM file, or the file-set of a folder.")))(
        taking_groups(dicom)
    )
    program.add_typer(app, name="judge")


def pdlgc(
    *,
    place: Annotated[Path, typer.Argument(help=localize(mark("The archive (PA….ZIP).")))],
    profile: Annotated[
        ProfileName, typer.Option("--profile", help=localize(mark("The text of the guide to judge by.")))
    ] = ProfileName.SEPTEMBER,
    brought: Brought,
    accepted: AcceptedOptions,
    output: JudgementOutput,
) -> int:
    return _judge("pdlgc", place, output, profile=profile.value, brought=brought, accepted=accepted)


def xdm(
    *,
    place: Annotated[Path, typer.Argument(help=localize(mark("The medium: a folder or a ZIP.")))],
    brought: Brought,
    output: JudgementOutput,
) -> int:
    return _judge("xdm", place, output, brought=brought)


def cda(
    *,
    place: Annotated[Path, typer.Argument(help=localize(mark("The clinical document (XML).")))],
    brought: Brought,
    output: JudgementOutput,
) -> int:
    return _judge("cda", place, output, brought=brought)


def dicom(
    *,
    place: Annotated[Path, typer.Argument(help=localize(mark("The file, or the folder of the DICOMDIR.")))],
    output: JudgementOutput,
) -> int:
    return _judge("dicom", place, output)


def _judge(
    kind: str,
    place: Path,
    output: JudgementOutput,
    *,
    profile: str = "",
    brought: Brought | None = None,
    accepted: AcceptedOptions | None = None,
) -> int:
    from archiver.cli.run.judging import judge
    from archiver.operations.judging.judge_file import JudgedKind, JudgingRequest

    request = JudgingRequest(
        kind=JudgedKind(kind),
        place=place,
        profile=profile,
        schemas=brought.schemas if brought else None,
        schematrons=brought.schematrons if brought else None,
        authorities=judge.authorities(accepted.roots, accepted.crl or ())
        if accepted and accepted.roots
        else None,
    )
    return judge.run(request, page=output.page, as_json=output.as_json)
