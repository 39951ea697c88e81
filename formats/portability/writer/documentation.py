"""DOCUMENTATION: which file has what in which format, and the dictionary of all data, made of the model's own.

A file of the export matches exactly one row of ``MAPPING``; ``mapping_rows`` finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from formats.pdlgc.profile import DOCUMENTATION, GUIDE, MANIFEST, SIGNATURE, TRANSVERSE_ARCHIVE
from formats.pdlgc.tables import write_table
from formats.portability.writer.dictionary import COLUMNS, VALUE_COLUMNS, dictionary_rows, value_rows
from formats.words import Words

MAPPING_FILE = f"{DOCUMENTATION}/MAPPING.CSV"
DICTIONARY_FILE = f"{DOCUMENTATION}/DICO.CSV"
VALUES_FILE = f"{DOCUMENTATION}/VALUES.CSV"
MAPPING_COLUMNS = (
    "file", "format", "encoding", "content_fr", "content_en", "specification", "reading_fr", "reading_en"
)  # fmt: skip


NOTHING = Words("", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class MappedFile:
    """A file, or all of one kind: ``name`` has n for a digit and * for any name; ``specification`` is public.

    Without one the rules of ``reading`` and the dictionary say what it holds.
    """

    name: str
    format: str
    encoding: str
    content: Words
    specification: str = ""
    reading: Words = NOTHING

    @property
    def pattern(self) -> re.Pattern[str]:
        """What a place in the export matches, the files within an archive behind its name."""
        escaped = re.escape(self.name).replace(r"\*", "[^/]+").replace(r"\~", ".+")
        return re.compile(re.sub("n{5}", "[0-9]{5}", escaped))


_PATIENT = "PATnnnnn.ZIP/"
_SUBSET = f"{_PATIENT}IHE_XDM/SUBSET01/"
_TRANSVERSE = f"{TRANSVERSE_ARCHIVE}/TRANSVERSE/"
_CDA = "HL7 CDA R2"
_DICO = Words("DICO.CSV décrit chaque colonne.", "DICO.CSV describes each column.")
_CSV, _UTF8, _ASCII, _BINARY = "CSV (RFC 4180), ;", "UTF-8", "ASCII", "-"


def _cda(stem: str, content: Words, volet: str) -> MappedFile:
    return MappedFile(
        name=f"{_SUBSET}{stem}nnnnn.XML",
        format=f"{_CDA} N3",
        encoding=_UTF8,
        content=content,
        specification=volet,
    )


MAPPING: tuple[MappedFile, ...] = (
    MappedFile(
        name="README.TXT", format="text", encoding=_ASCII, specification=GUIDE,
        content=Words("Qui a fait l’export, et comment le lire", "Who made the export, and how it is read"),
    ),
    MappedFile(
        name=MANIFEST, format="XML", encoding=_UTF8, specification=GUIDE,
        content=Words("Les archives, leur longueur, leur empreinte", "The archives, their length, their digest"),
    ),
    MappedFile(
        name=SIGNATURE, format="XAdES", encoding=_UTF8, specification="ETSI EN 319 132-1",
        content=Words("La signature de l’export", "The signature of the export"),
    ),
    MappedFile(
        name=MAPPING_FILE, format=_CSV, encoding=_UTF8, reading=_DICO,
        content=Words("Cette table", "This table"),
    ),
    MappedFile(
        name=DICTIONARY_FILE, format=_CSV, encoding=_UTF8, reading=_DICO,
        content=Words("Le dictionnaire des données", "The data dictionary"),
    ),
    MappedFile(
        name=VALUES_FILE, format=_CSV, encoding=_UTF8, reading=_DICO,
        content=Words("Les valeurs des codes", "What the codes mean"),
    ),
    MappedFile(
        name=TRANSVERSE_ARCHIVE, format="ZIP", encoding=_BINARY, specification="APPNOTE 6.3",
        content=Words("Le cabinet", "The practice"),
    ),
    MappedFile(
        name=f"{TRANSVERSE_ARCHIVE}/README.TXT", format="text", encoding=_ASCII, specification=GUIDE,
        content=Words("Comment lire cette archive", "How this archive is read"),
    ),
    MappedFile(
        name=f"{_TRANSVERSE}AGENDA.ICS", format="iCalendar", encoding=_UTF8, specification="RFC 5545",
        content=Words("L’agenda des patients de l’export", "The agenda of the patients of the export"),
        reading=Words(
            "UID est l’identité du rendez-vous, X-PATIENT celle du patient, CATEGORIES le statut.",
            "UID is the identity of the appointment, X-PATIENT that of the patient, CATEGORIES the status.",
        ),
    ),
    MappedFile(
        name=f"{_TRANSVERSE}TRACES.LOG", format="syslog", encoding=_UTF8, specification="RFC 5424",
        content=Words("Traces d’accès et de modification", "Traces of accesses and changes"),
        reading=Words(
            "Le message est un objet JSON : qui (actor, by), quoi (action, detail), sur quel patient (identité).",
            "The message is a JSON object: who (actor, by), what (action, detail), about which patient (identity).",
        ),
    ),
    MappedFile(
        name=f"{_TRANSVERSE}ACCOUNTS.CSV", format=_CSV, encoding=_UTF8, reading=_DICO,
        content=Words("Comptes et praticiens", "Accounts and practitioners"),
    ),
    MappedFile(
        name=f"{_TRANSVERSE}PRACTICE.JSO", format="FHIR R4 (JSON)", encoding=_UTF8, specification="HL7 FHIR 4.0.1",
        content=Words("Le cabinet, ses praticiens, leurs fonctions", "The practice, its practitioners, their roles"),
    ),
    MappedFile(
        name=f"{_TRANSVERSE}EXCLUS.TXT", format="text", encoding=_ASCII,
        content=Words("Ce qui n’est pas remis, et pourquoi", "What is not handed over, and why"),
        reading=Words("Une ligne par sorte.", "One line a kind."),
    ),
    MappedFile(
        name="PATnnnnn.ZIP", format="ZIP", encoding=_BINARY, specification="APPNOTE 6.3",
        content=Words("Le dossier d’un patient", "The dossier of a patient"),
    ),
    MappedFile(
        name=f"{_PATIENT}README.TXT", format="text", encoding=_ASCII, specification=GUIDE,
        content=Words("Comment lire cette archive", "How this archive is read"),
    ),
    MappedFile(
        name=f"{_PATIENT}INDEX.HTM", format="XHTML 1.0", encoding=_UTF8, specification="XHTML 1.0 (W3C)",
        content=Words("Le dossier à lire dans un navigateur", "The dossier for a browser"),
    ),
    MappedFile(
        name=f"{_SUBSET}METADATA.XML", format="ebRIM 3.0", encoding=_UTF8, specification="IHE ITI XDM; CI-SIS",
        content=Words("Ce que sont les documents", "What the documents are"),
    ),
    _cda("VSM", Words("Synthèse médicale : identité, antécédents, allergies, traitements, actes",
                      "Medical summary: identity, history, allergies, treatments, acts"), "CI-SIS VSM 1.4"),
    _cda("SCH", Words("Schéma dentaire", "Dental chart"), "CI-SIS; LOINC 83836-7"),
    _cda("BIL", Words("Bilan bucco-dentaire", "Dental assessment"), "CI-SIS; LOINC 28617-9"),
    _cda("PLA", Words("Planification thérapeutique", "Treatment plan"), "CI-SIS; LOINC 77604-7"),
    _cda("CON", Words("Consentement", "Consent"), "CI-SIS; LOINC 59284-0"),
    _cda("IMP", Words("Carte d’implant", "Implant card"), "CI-SIS; LOINC 101881-1"),
    MappedFile(
        name=f"{_SUBSET}DOCnnnnn.*", format="METADATA.XML: mimeType", encoding=_BINARY,
        content=Words("Un document d’origine, inchangé", "An original document, unchanged"),
        reading=Words("DATA/NAMES.CSV donne son nom d’origine.", "DATA/NAMES.CSV gives its original name."),
    ),
    MappedFile(
        name=f"{_PATIENT}PDF/*.pdf", format="PDF/A-1", encoding=_BINARY, specification="ISO 19005-1",
        content=Words("La copie lisible d’un document du SUBSET01", "The readable copy of a document of SUBSET01"),
        reading=Words("La fin du nom est le nom du document.", "The end of the name is that of the document."),
    ),
    MappedFile(
        name=f"{_PATIENT}DATA/DOSSIER.JSO", format="FHIR R4 (JSON)", encoding=_UTF8, specification="HL7 FHIR 4.0.1",
        content=Words("Le dossier structuré entier", "The whole structured dossier"), reading=_DICO,
    ),
    MappedFile(
        name=f"{_PATIENT}DATA/SOURCE.NDJ", format="NDJSON", encoding=_UTF8, reading=_DICO,
        content=Words("Les lignes du logiciel d’origine, mot pour mot", "Rows of the source, word for word"),
    ),
    MappedFile(
        name=f"{_PATIENT}DATA/NAMES.CSV", format=_CSV, encoding=_UTF8, reading=_DICO,
        content=Words("Place, nom d’origine et empreinte des fichiers", "Place, original name, digest of the files"),
    ),
    MappedFile(
        name=f"{_PATIENT}DATA/SHA256.TXT", format="sha256sum", encoding=_ASCII,
        content=Words("L’empreinte de chaque fichier", "The digest of each file"),
        reading=Words("Empreinte, deux espaces, nom.", "Digest, two spaces, name."),
    ),
    MappedFile(
        name=f"{_PATIENT}DICOMDIR", format="DICOM", encoding=_BINARY, specification="DICOM PS3.10",
        content=Words("L’index du jeu de fichiers DICOM", "The directory of the DICOM file-set"),
    ),
    MappedFile(
        name=f"{_PATIENT}DICOM/~", format="DICOM", encoding=_BINARY, specification="DICOM PS3.10",
        content=Words("Une image DICOM, inchangée", "A DICOM image, unchanged"),
    ),
)  # fmt: skip
"""Every file of an export; the files within an archive behind its name."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], MappedFile], ...]:
    return tuple((one.pattern, one) for one in MAPPING)


def mapping_rows(place: str) -> list[MappedFile]:
    """Return the rows that a file at ``place`` matches: exactly one, where the mapping is whole."""
    return [one for pattern, one in _patterns() if pattern.fullmatch(place)]


def documentation() -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the files of the documentation, each with its content in pieces."""
    yield MAPPING_FILE, write_table(MAPPING_COLUMNS, (_row(one) for one in MAPPING))
    yield DICTIONARY_FILE, write_table(tuple(COLUMNS), dictionary_rows())
    yield VALUES_FILE, write_table(tuple(VALUE_COLUMNS), value_rows())


def _row(one: MappedFile) -> tuple[str, ...]:
    name = one.name.replace("~", "*")
    return (name, one.format, one.encoding, *one.content, one.specification, *one.reading)
