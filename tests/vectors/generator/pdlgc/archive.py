"""The whole archive, built step by step; a plan says what is otherwise at which step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from tests.vectors.generator.pdlgc.clinical import summary, summary_id
from tests.vectors.generator.pdlgc.metadata import Filed, metadata
from tests.vectors.generator.pdlgc.people import PATIENTS, VENDOR, VENDOR_NUMBER, Sufferer
from tests.vectors.generator.pdlgc.signature import Flaws, signature
from tests.vectors.generator.zips import Member, built, plain

NAME = "PA20261128T101500.ZIP"
SUBSET = "IHE_XDM/SUBSET01"
Files = dict[str, bytes]
SUMMARY_TYPE = "SYNTH|1.2.250.1.213.1.1.4.12|Synthèse"
LETTER_TYPE = "11488-4|2.16.840.1.113883.6.1|CR ou fiche de consultation ou de visite"


def same(value: str) -> str:
    """Return a text as it is."""
    return value


def nothing(files: Files) -> None:
    """Change nothing."""


def honest_zip(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive of ``files``, deflated."""
    return built([plain(name, data, deflated=bool(data)) for name, data in files.items()])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is otherwise: texts and files of the first patient, of the archive beside, of the root, of the signature.

    ``root`` is done before the manifest and the signature are made, ``after`` when they are.
    """

    name: str = NAME
    patients: tuple[Sufferer, ...] = PATIENTS
    kind: str = "CIBLE"
    readme: Callable[[str], str] = same
    page: Callable[[str], str] = same
    document: Callable[[str], str] = same
    described: Callable[[list[Filed]], None] = lambda _: None
    metadata: Callable[[str], str] = same
    patient: Callable[[Files], None] = nothing
    pack: Callable[[Mapping[str, bytes]], bytes] = honest_zip
    transverse: Callable[[Files], None] = nothing
    root: Callable[[Files], None] = nothing
    manifest: Callable[[str], str] = same
    encoded: Callable[[str], bytes] = lambda text: text.encode("utf-8")
    signature: Flaws | None = None
    signed: Callable[[bytes], bytes] = lambda data: data
    after: Callable[[Files], None] = nothing
    packed: Callable[[Mapping[str, bytes]], bytes] = lambda files: built(
        [plain(*one) for one in files.items()]
    )


def build(plan: Plan | None = None) -> tuple[str, bytes]:
    """Return the name and the bytes of the archive of ``plan``; of none, one that conforms."""
    chosen = plan or Plan()
    files: Files = {"README.TXT": readme(chosen.readme)}
    for number, patient in enumerate(chosen.patients, 1):
        inside = patient_files(patient, chosen if number == 1 else Plan())
        pack = chosen.pack if number == 1 else honest_zip
        files[f"PAT{number:05}.ZIP"] = pack(inside)
    beside: Files = {"README.TXT": readme(), "TRANSVERSE/EXCLUS.TXT": b"Rien.\r\n"}
    chosen.transverse(beside)
    files["TRANSVERSE.ZIP"] = honest_zip(beside)
    files["DOCUMENTATION/MAPPING.CSV"] = MAPPING_ROWS
    chosen.root(files)
    files["MANIFEST.XML"] = chosen.encoded(chosen.manifest(manifest(files, chosen)))
    covered = {name: data for name, data in files.items() if name == "MANIFEST.XML" or _is_archive(name)}
    files["SIGN.XML"] = chosen.signed(signature(covered, chosen.signature))
    chosen.after(files)
    return chosen.name, chosen.packed(files)


MAPPING_ROWS = (
    b"fichier;format;norme\r\nVSMnnnnn.XML;CDA R2 N3;VSM 2022.01\r\nDOCnnnnn.*;original;\r\nMETADATA.XML;ebRIM 3.0;\r\n"
    b"*.PDF;PDF/A-1;\r\nREADME.TXT;texte;\r\nINDEX.HTM;XHTML;\r\nEXCLUS.TXT;texte;\r\n"
)


def _is_archive(name: str) -> bool:
    return name.upper().endswith(".ZIP") and "/" not in name


def readme(change: Callable[[str], str] = same) -> bytes:
    """Return README.TXT."""
    lines = (
        "Fournisseur Sortant :",
        "=====================",
        f"{VENDOR} ({VENDOR_NUMBER})",
        "Contact : portabilite@example.org, 01 00 00 00 00",
        "",
        "Application de l'editeur emetteur :",
        "===================================",
        "Modele exemple 1.0",
        "",
        "Instructions :",
        "==============",
        "Ouvrir INDEX.HTM.",
        "",
        "Arborescence :",
        "==============",
        "README.TXT",
        "",
    )
    return change("\r\n".join(lines)).encode("utf-8")


def index(change: Callable[[str], str] = same) -> bytes:
    """Return INDEX.HTM."""
    return change(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" lang="fr"><head><title>Dossier</title></head><body>'
        f"<p>Emetteur&nbsp;: {VENDOR} ({VENDOR_NUMBER})</p>"
        '<p><a href="README.TXT">README.TXT</a></p></body></html>\n'
    ).encode("utf-8")


def twin(*, claim: bool = True) -> bytes:
    """Return the beginning and the end of a PDF; with ``claim`` its metadata say that it is PDF/A-1."""
    chosen = "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" if claim else ""
    return (
        f"%PDF-1.4\n<x:xmpmeta xmlns:x='adobe:ns:meta/'>{chosen}</x:xmpmeta>\nstartxref\n0\n%%EOF\n".encode()
    )


def twin_name(one: Filed, patient: Sufferer, number: int) -> str:
    """Return the name of the PDF twin of a document."""
    label = one.type.split("|")[2][:40]
    return f"PDF/{one.service[:8]}_{label}_{patient.family}_{patient.given}_DOC{number:05}.pdf"


def patient_files(patient: Sufferer, chosen: Plan) -> Files:
    """Return the files of the archive of a patient."""
    documents = [
        Filed(
            name="VSM00001.XML",
            data=chosen.document(summary(patient)).encode("utf-8"),
            mime="text/xml",
            unique=summary_id(patient),
            kind="11|1.2.250.1.213.1.1.4.1|Synthèse",
            type=SUMMARY_TYPE,
            format="urn:asip:ci-sis:vsm:2012|1.2.250.1.213.1.1.4.12|Volet de synthèse médicale",
            title="Synthèse médicale",
        ),
        Filed(
            name="DOC00002.TXT",
            data="Lettre à un confrère.\n".encode(),
            mime="text/plain",
            unique=f"1.2.250.1.999.2.{patient.number}.2",
            kind="10|1.2.250.1.213.1.1.4.1|Compte rendu",
            type=LETTER_TYPE,
            format="urn:asipSante:modelesHorsProfils:2011|1.2.250.1.213.1.1.4.12|Hors profils",
            title="Lettre",
            service="20251103090000",
        ),
    ]
    chosen.described(documents)
    files: Files = {"README.TXT": readme(chosen.readme), "INDEX.HTM": index(chosen.page)}
    files[f"{SUBSET}/METADATA.XML"] = chosen.metadata(metadata(patient, documents)).encode("utf-8")
    files |= {f"{SUBSET}/{one.name}": one.data for one in documents}
    files |= {twin_name(one, patient, number): twin() for number, one in enumerate(documents, 1)}
    chosen.patient(files)
    return files


def manifest(files: Mapping[str, bytes], chosen: Plan) -> str:
    """Return MANIFEST.XML about the archives among ``files``."""
    archives = [name for name in sorted(files, key=_order) if _is_archive(name)]
    patients = iter(chosen.patients)
    listed = "".join(_listed(name, files[name], patients) for name in archives)
    count = sum(name.upper().startswith("PAT") for name in archives)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Manifest>
<exportId>6f0c1c0e-2b0c-4a5e-9d0c-0c8a6f2f9a11</exportId>
<exportType>{chosen.kind}</exportType>
<exportStatus>COMPLETE</exportStatus>
<comments>pdlgc-0.1.0; 1/1</comments>
<author>
<lgcSoftwareVendor>
<institution>{VENDOR}^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^{VENDOR_NUMBER}</institution>
<contact><name>Portabilité</name><telecom><type>EMAIL</type><value>portabilite@example.org</value></telecom></contact>
</lgcSoftwareVendor>
<lgcSystem>{VENDOR_NUMBER}^exemple 1.0^exemple^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^U^^^RI</lgcSystem>
</author>
<statistics><patientArchiveCount>{count}</patientArchiveCount>\
<transverseArchiveCount>{len(archives) - count}</transverseArchiveCount></statistics>
<Archives>
{listed}</Archives>
</Manifest>
"""


def _order(name: str) -> tuple[bool, str]:
    return not name.upper().startswith("TRANSV"), name


def _listed(name: str, data: bytes, patients: Iterable[Sufferer]) -> str:
    transverse = name.upper().startswith("TRANSV")
    one = None if transverse else next(iter(patients), None)
    cx = one.cx.replace("&", "&amp;") if one else ""
    patient = f"<patientId>{cx}</patientId>" if cx else ""
    identity = "TRANSV" if transverse else name.upper().removesuffix(".ZIP")
    return (
        f"<Archive><archiveid>{identity}</archiveid><type>{'TRANSVERSE' if transverse else 'PATIENT'}</type>{patient}"
        f"<size>{len(data)}</size><hash>{hashlib.sha256(data).hexdigest()}</hash></Archive>\n"
    )


def replaced(old: str, new: str, count: int = -1) -> Callable[[str], str]:
    """Return what puts ``new`` in the place of ``old``, which must be there."""
    return partial(_replace, old, new, count)


def _replace(old: str, new: str, count: int, text: str) -> str:
    assert old in text, f"{old!r} is not there"
    return text.replace(old, new, count)


def members_of(files: Mapping[str, bytes]) -> list[Member]:
    """Return ``files`` as members, to be changed."""
    return [plain(name, data) for name, data in files.items()]
