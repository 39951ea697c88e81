"""Forms in which ``deliver`` writes dossiers: one line each, and a module of ``archiver.cli.run.deliveries``.

That module has ``run(source, options, output, own)``, which returns the exit status. ``own`` is the form's group of
options, a dataclass whose defaults are "not said" and whose class names its ``form``; of a form that has none it is
None. The command takes the group as a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from enum import StrEnum
from importlib import import_module
from typing import Annotated, Any, ClassVar, Protocol, Self, cast

import typer

from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from formats.words import mark


class DeliveryForm(StrEnum):
    """The word that asks for a form; ``meaning`` is what it is, ``module`` what of ``run.deliveries`` writes it."""

    meaning: str
    module: str

    def __new__(cls, word: str, meaning: str, module: str) -> Self:
        form = str.__new__(cls, word)
        form._value_ = word
        form.meaning = meaning
        form.module = module
        return form

    FOLDER = "folder", mark("a folder a person, for any browser"), "folders"
    ZIP = "zip", mark("an encrypted ZIP a person, for a passphrase of words"), "folders"
    DICOM = (
        "dicom",
        mark("a DICOM file-set a person: images as they are, pictures and PDF as DICOM objects"),
        "folders",
    )
    TABLES = "tables", mark("CSV tables for a spreadsheet, one a kind of record"), "tables"
    EARK = "eark", mark("a package for European health archives (E-ARK eHealth1)"), "eark"
    SEDA = "seda", mark("a sealed package for French archiving systems (SEDA 2.3), without any key"), "seda"
    BAGIT = "bagit", mark("a sealed package as a bag (BagIt), without any key"), "bagit"
    FHIR = "fhir", mark("FHIR R4: a document a dossier, or NDJSON of all of them"), "fhir"
    PDLGC = "pdlgc", mark("the signed French portability archive, PA….ZIP"), "pdlgc"


SEALED = frozenset({DeliveryForm.SEDA, DeliveryForm.BAGIT})
"""Forms of a sealed package as a whole: nothing of it is opened, so no patient can be chosen."""
NETWORK = "network"
"""The module that sends to a node or a server, which no form names."""


class FormOptions(Protocol):
    """Options of one form."""

    form: ClassVar[DeliveryForm]


class FormRunner(Protocol):
    """What the module of a form does: ``run(source, options, output, own)``."""

    def __call__(self, source: Any, options: Any, output: Any, own: Any, /) -> int: ...


def form_runner(module: str) -> FormRunner:
    """Return what a module of ``archiver.cli.run.deliveries`` does."""
    return cast("FormRunner", import_module(f"archiver.cli.run.deliveries.{module}").run)


def own_options(form: DeliveryForm, groups: Sequence[FormOptions]) -> FormOptions | None:
    """Return the options of ``form`` among ``groups``.

    Raises:
        SayHow: when an option of another form is given.
    """
    for group in groups:
        if group.form is not form:
            _require_unsaid(group)
    return next((group for group in groups if group.form is form), None)


def _require_unsaid(group: FormOptions) -> None:
    unsaid = type(group)()
    for field in fields(cast("Any", group)):
        if getattr(group, field.name) != getattr(unsaid, field.name):
            option = f"--{field.name.replace('_', '-')}"
            raise SayHow(localize(mark("{option} is for --as {form} alone"), option=option, form=group.form))


def _help() -> str:
    forms = ", ".join(f"{form} ({localize(form.meaning)})" for form in DeliveryForm)
    return localize(mark("In which form: {forms}."), forms=forms)


AsForm = Annotated[DeliveryForm, typer.Option("--as", help=_help())]
