"""The official judges of French clinical documents, run offline: the XSD of CDA, and the CI-SIS schematrons.

Schematrons become XSLT 2.0 by the ISO skeleton that comes with them, and run in SaxonC. The sheets are kept below
``build/``; the compiled ones once in a process. The minimal structure (``STRUCTURE``) is 10 MB of XSLT.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

from tests.docs.pages import ROOT
from tests.material import material

VSM_1_4 = "CI-SIS_VSM_1.4_2022.01"
VSM_2023 = "CI-SIS_VSM_2023.01"
MODELS = "profils/CI-SIS_ModelesDeContenusCDA"
ANS_MODELS = "profils/CI-SIS_Modeles_ANS"
IHE = "profils/IHE"
STRUCTURE = "profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin"
QUICK = (VSM_1_4, VSM_2023, MODELS, ANS_MODELS, IHE)
"""Schematrons that are compiled within seconds."""

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_STEPS = ("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How many rules looked at something, and what failed, each with its place."""

    fired: int
    failed: tuple[str, ...]


@cache
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


def _copied() -> Path:
    """Return the material in a folder of our own: each step is written beside the schematron, for its includes."""
    source = material("cda", "schematron")
    stamp = hashlib.sha256(str(sorted(path.name for path in source.rglob("*"))).encode()).hexdigest()[:16]
    place = ROOT / "build" / f"schematron-{stamp}"
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        aside = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.copytree(source, aside)
        try:
            aside.rename(place)
        except OSError:  # another worker was faster
            shutil.rmtree(aside)
    return place / "schematrons"


@cache
def _compiled(name: str) -> PyXsltExecutable:
    folder = _copied()
    schematron = folder / f"{name}.sch"
    final = schematron.with_name(f"{schematron.stem}.final.xsl")
    if not final.exists():
        current = schematron
        for number, step in enumerate(_STEPS):
            compiler = _processor().new_xslt30_processor()
            sheet = compiler.compile_stylesheet(stylesheet_file=str(folder / "moteur" / step))
            target = schematron.with_name(f"{schematron.stem}.step{number}.{os.getpid()}.xsl")
            sheet.transform_to_file(source_file=str(current), output_file=str(target))
            current = target
        current.replace(final)
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(final))


def judged(name: str, document: bytes) -> Judgement:
    """Return what the schematron ``name`` says of ``document``."""
    node = _processor().parse_xml(xml_text=document.decode("utf-8"))
    report = etree.fromstring(_compiled(name).transform_to_string(xdm_node=node).encode())
    every = (*report.iter(f"{_SVRL}failed-assert"), *report.iter(f"{_SVRL}successful-report"))
    failed = [one for one in every if one.get("role") not in {"warning", "info", "information", "hint"}]
    return Judgement(
        fired=len(list(report.iter(f"{_SVRL}fired-rule"))),
        failed=tuple(
            f"{' '.join(''.join(one.itertext()).split())} at {one.get('location')}" for one in failed
        ),
    )


def refusals(document: bytes, *names: str) -> Iterator[str]:
    """Yield what the schematrons ``names`` refuse in ``document``, each with the name before it."""
    every = {name: judged(name, document) for name in names}
    assert any(one.fired for one in every.values()), f"{names} looked at nothing"
    yield from (f"{name}: {fault}" for name, one in every.items() for fault in one.failed)


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(material("cda", "xsd", "CDA_extended.xsd"))))


def schema_faults(document: bytes) -> list[str]:
    """Return what ``CDA_extended.xsd`` refuses in ``document``."""
    schema = _schema()
    schema.validate(etree.fromstring(document))
    return [f"{one.line}: {one.message}" for one in schema.error_log]
