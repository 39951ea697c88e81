"""Schemas and schematrons that a person brings: those of the ANS cannot be shipped here.

Schematrons become XSLT 2.0 by the ISO skeleton that comes with them (``moteur/``), and run in SaxonC, which is an
extra (``judge``). The sheets are made in a temporary copy, for each reads others beside it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from formats import xml
from formats.cda.codes import VSM_TEMPLATE
from formats.errors import Failure, FormatFailure
from formats.judging.judgement import UNREADABLE, Judging
from formats.words import Words, mark

if TYPE_CHECKING:
    from saxonche import PySaxonProcessor, PyXsltExecutable

CDA_SCHEMA, METADATA_SCHEMA = "CDA_extended.xsd", "lcm.xsd"
SUMMARY_SHEETS = {"201310": "CI-SIS_VSM_1.4_2022.01", "2023.01": "CI-SIS_VSM_2023.01"}
"""Schematrons of a medical summary by the extension of its template."""
SHEETS = (
    *("profils/CI-SIS_ModelesDeContenusCDA", "profils/CI-SIS_Modeles_ANS", "profils/IHE"),
    "profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin",
)
"""Schematrons of any document; the last one takes a minute to compile."""
_PROTOCOLS = "http://saxon.sf.net/feature/allowedProtocols"
_STEPS = ("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl")
NO_SHEET = Words("aucun schematron du dossier ne le concerne", "no schematron of the folder is about it")
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_ADVICE = frozenset({"warning", "warn", "information", "info", "hint"})


class SchemasMissing(FormatFailure):
    """A folder in which the schemas or schematrons that are asked for are not."""

    code = "schemas-missing"
    sentence = mark("In this folder there is no {name}: give the one that the ANS publishes.")


class SaxonMissing(Failure):
    """The program lacks what runs schematrons."""

    code = "saxon-missing"
    sentence = mark(
        "To run schematrons the program needs an extra: uv tool install '.[judge]' from a clone of its repository."
    )


class JudgeSigner(Protocol):
    """Judge whose a signature is, as ``OutsideJudge.judge_signer`` does."""

    def __call__(
        self, certificates: Sequence[bytes], at: datetime | None, where: str, judging: Judging, /
    ) -> None: ...


class JudgeStamp(Protocol):
    """Judge a time-stamp, as ``OutsideJudge.judge_stamp`` does."""

    def __call__(self, token: bytes, stamped: bytes, where: str, judging: Judging, /) -> None: ...


class OutsideJudges:
    """What a person brought: folders of ``schemas`` and ``schematrons``, and what judges a ``signer``; all optional.

    ``stamp`` judges time-stamps.

    Raises:
        SchemasMissing: when a folder does not hold what it should; SaxonMissing: when schematrons cannot run.
    """

    def __init__(
        self,
        stack: ExitStack,
        *,
        schemas: Path | None = None,
        schematrons: Path | None = None,
        signer: JudgeSigner | None = None,
        stamp: JudgeStamp | None = None,
    ) -> None:
        self._signer = signer
        self._stamp = stamp
        self._cda = self._metadata = None
        if schemas is not None:
            clinical, metadata = _found(schemas, CDA_SCHEMA), _found(schemas, METADATA_SCHEMA)
            if clinical is None and metadata is None:
                raise SchemasMissing(where=str(schemas), name=CDA_SCHEMA)
            self._cda = xml.schema(clinical) if clinical else None
            self._metadata = xml.schema(metadata) if metadata else None
        self._sheets = Schematrons(schematrons, stack) if schematrons is not None else None

    def judge_document(self, data: bytes, where: str, judging: Judging) -> None:
        """Judge a clinical document."""
        if self._cda is not None:
            _note("cda-schema", xml.schema_faults(self._cda, data, what=where), where, judging)
        if self._sheets is not None:
            try:
                faults = list(self._sheets.faults(data, where))
            except SchemasMissing:
                judging.leave(("cda-schematron",), NO_SHEET)
            except Failure:
                judging.leave(("cda-schematron",), UNREADABLE)
            else:
                _note("cda-schematron", iter(faults), where, judging)

    def judge_metadata(self, data: bytes, where: str, judging: Judging) -> None:
        """Judge METADATA.XML."""
        if self._metadata is not None:
            _note("metadata-schema", xml.schema_faults(self._metadata, data, what=where), where, judging)

    def judge_signer(
        self, certificates: Sequence[bytes], at: datetime | None, where: str, judging: Judging
    ) -> None:
        """Judge whose a signature is."""
        if self._signer is not None:
            self._signer(certificates, at, where, judging)

    def judge_stamp(self, token: bytes, stamped: bytes, where: str, judging: Judging) -> None:
        """Judge a time-stamp."""
        if self._stamp is not None:
            self._stamp(token, stamped, where, judging)


def _note(rule: str, faults: Iterator[str], where: str, judging: Judging) -> None:
    broken = False
    for fault in faults:
        broken = True
        judging.check(rule, False, where, fault)
    if not broken:
        judging.check(rule, True, where)


def _found(folder: Path, name: str) -> Path | None:
    return next(iter(sorted(folder.rglob(name), key=lambda path: len(path.parts))), None)


class Schematrons:
    """Schematrons of ``folder``, each compiled when it is first asked for."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        try:
            from saxonche import PySaxonProcessor
        except ImportError as fault:
            raise SaxonMissing from fault
        engine = _found(folder, _STEPS[0])
        if engine is None:
            raise SchemasMissing(where=str(folder), name=_STEPS[0])
        root = engine.parent.parent
        self._processor: PySaxonProcessor = PySaxonProcessor(license=False)
        self._processor.set_configuration_property(_PROTOCOLS, "file")  # a sheet fetches nothing
        self._place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="schematron-")))
        shutil.copytree(root.parent, self._place / "copy")
        self._folder = self._place / "copy" / root.name
        self._compiled: dict[str, PyXsltExecutable] = {}

    def faults(self, data: bytes, where: str) -> Iterator[str]:
        """Yield what the schematrons refuse in a clinical document, each with the name of the sheet before it.

        Raises:
            FormatFailure: when a sheet or the document cannot be read; SchemasMissing: when none is about it.
        """
        root = xml.parse(data, what=where, long_texts=True)
        names = list(SHEETS)
        for template in root.iterchildren("{urn:hl7-org:v3}templateId"):
            if template.get("root") == VSM_TEMPLATE and template.get("extension") in SUMMARY_SHEETS:
                names.insert(0, SUMMARY_SHEETS[str(template.get("extension"))])
        there = [name for name in names if (self._folder / f"{name}.sch").is_file()]
        if not there:
            raise SchemasMissing(where=where, name=f"{names[0]}.sch")
        for name in there:
            yield from self._run(name, data, where)

    def _run(self, name: str, data: bytes, where: str) -> Iterator[str]:
        from saxonche import PySaxonApiError

        try:
            if name not in self._compiled:
                self._compiled[name] = self._compile(name)
            sheet = self._compiled[name]
            node = self._processor.parse_xml(
                xml_text=xml.xml_text(xml.parse(data, what=where, long_texts=True))
            )
            report = xml.parse(sheet.transform_to_string(xdm_node=node).encode(), what=name)
        except PySaxonApiError as fault:
            raise FormatFailure(where=name, format="Schematron") from fault
        for kind in ("failed-assert", "successful-report"):
            for one in report.iter(f"{_SVRL}{kind}"):
                if one.get("role", "").lower() not in _ADVICE:
                    yield f"{name.rsplit('/', 1)[-1]}: {' '.join(''.join(map(str, one.itertext())).split())}"

    def _compile(self, name: str) -> PyXsltExecutable:
        schematron = self._folder / f"{name}.sch"
        current = schematron
        for number, step in enumerate(_STEPS):
            sheet = self._processor.new_xslt30_processor().compile_stylesheet(
                stylesheet_file=str(self._folder / "moteur" / step)
            )
            target = schematron.with_name(f"{schematron.stem}.step{number}.xsl")
            sheet.transform_to_file(source_file=str(current), output_file=str(target))
            current = target
        return self._processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(current))
