"""Flaws of the container: ZIP structure, names, cardinalities, README.TXT, INDEX.HTM, DOCUMENTATION, TRANSVERSE."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.vectors.generator.pdlgc.archive import Files, honest_zip, members_of, replaced, twin
from tests.vectors.generator.pdlgc.flaw import (
    ArchiveFlaw,
    added,
    changed,
    flaw,
    in_subset,
    renamed,
    twin_of,
    without,
)
from tests.vectors.generator.pdlgc.signature import Flaws
from tests.vectors.generator.zips import Member, built, plain


def cases() -> Iterator[ArchiveFlaw]:
    """Yield every flaw of the tree."""
    yield from _zips()
    yield from _names()
    yield from _parts()
    yield from _patients()
    yield from _readmes()
    yield from _pages()
    yield from _documentation()
    yield from _pdfs()


# -- ZIP ----------------------------------------------------------------------------------


def _zips() -> Iterator[ArchiveFlaw]:
    yield flaw(
        "§1", "zip-structure", "bytes behind the end", packed=lambda files: built(members_of(files)) + b"x"
    )
    yield flaw(
        "§1",
        "zip-structure",
        "a gap before the directory",
        packed=lambda files: built(members_of(files), between=b"gap"),
    )
    yield flaw("§1", "zip-structure", "a part is no ZIP", pack=lambda _: b"nothing of a ZIP")
    yield flaw("§1", "zip-structure", "a part is cut", pack=lambda files: honest_zip(files)[:-40])
    yield flaw("§1", "zip-structure", "an encrypted member", pack=_encrypted)
    yield flaw(
        "§1",
        "zip-structure",
        "a member twice",
        pack=lambda files: built([*members_of(files), plain("README.TXT", b"x")]),
    )
    yield flaw("§1", "zip-structure", "headers disagree", pack=_lying)
    yield flaw("§1", "zip-name", "a name leads out", pack=_extra("../evil.txt"))
    yield flaw("§1", "zip-name", "a back slash", packed=_back_slashed)
    yield flaw("§1", "zip-limit", "a bomb", pack=_bomb)
    yield flaw("§1", "zip-member", "another CRC-32", pack=_damaged)


def _encrypted(files: Mapping[str, bytes]) -> bytes:
    first, *others = members_of(files)
    return built([replace(first, local={"flags": 1}, central={"flags": 1}), *others])


def _lying(files: Mapping[str, bytes]) -> bytes:
    first, *others = members_of(files)
    return built([replace(first, local={"name": b"LIESME.TXT"}), *others])


def _extra(name: str) -> object:
    return lambda files: built([*members_of(files), plain(name, b"x")])


def _back_slashed(files: Mapping[str, bytes]) -> bytes:
    return built([plain(name.replace("/", "\\"), data) for name, data in files.items()])


def _bomb(files: Mapping[str, bytes]) -> bytes:
    """Return a part with 1 GiB of zeros, made of one block that is repeated."""
    size = 1 << 30
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(1 << 20)
    packed = b"".join([*(engine.compress(block) for _ in range(64)), engine.flush()])
    bomb = Member(
        name=b"ZERO.BIN",
        packed=packed,
        local={"method": 8, "size": size},
        central={"method": 8, "size": size},
    )
    return built([*members_of(files), bomb])


def _damaged(files: Mapping[str, bytes]) -> bytes:
    *others, last = members_of(files)
    wrong = {"crc": 1}
    return built([*others, replace(last, local={**last.local, **wrong}, central={**last.central, **wrong})])


# -- names and parts ----------------------------------------------------------------------


def _names() -> Iterator[ArchiveFlaw]:
    yield flaw("§1", "archive-name", "no time", name="PA20261128.ZIP")
    yield flaw("§1", "archive-name", "a day that is none", name="PA20261328T101500.ZIP")
    yield flaw("§1", "archive-name", "small letters", name="pa20261128T101500.zip")
    yield flaw("§1", "archive-root", "a folder around it", packed=_in_folder)
    yield flaw("§1", "name-case", "readme.txt", root=renamed("README.TXT", "Readme.txt"))
    yield flaw("§1", "name-case", "index.htm", patient=renamed("INDEX.HTM", "index.htm"))
    yield flaw("§1", "archive-other", "a file more", after=added("NOTES.TXT"))
    yield flaw("§1", "patient-archive-name", "PAT00000", root=renamed("PAT00001.ZIP", "PAT00000.ZIP"))
    yield flaw("§1", "patient-archive-numbers", "from 2 on", root=_later_numbers)
    yield flaw(
        "§1",
        "patient-other",
        "a folder DATA",
        patient=added("DATA/MORE.CSV"),
        root=_mapped(b"MORE.CSV;CSV;\r\n"),
    )


def _in_folder(files: Mapping[str, bytes]) -> bytes:
    return built([plain(f"EXPORT/{name}", data) for name, data in files.items()])


def _later_numbers(files: Files) -> None:
    renamed("PAT00002.ZIP", "PAT00003.ZIP")(files)
    renamed("PAT00001.ZIP", "PAT00002.ZIP")(files)


def _mapped(row: bytes) -> object:
    def add(files: Files) -> None:
        files["DOCUMENTATION/MAPPING.CSV"] += row

    return add


def _parts() -> Iterator[ArchiveFlaw]:
    yield flaw("§1", "archive-readme", "no README.TXT", root=without("README.TXT"))
    yield flaw(
        "§1",
        "archive-manifest",
        "no MANIFEST.XML",
        signature=Flaws(leave_out=("MANIFEST.XML",)),
        after=without("MANIFEST.XML"),
    )
    yield flaw("§1", "archive-signature", "no SIGN.XML", after=without("SIGN.XML"))
    yield flaw("§1", "archive-documentation", "no DOCUMENTATION", root=without("DOCUMENTATION/MAPPING.CSV"))
    yield flaw(
        "§1",
        "archive-patients",
        "no patient",
        patients=(),
        manifest=replaced("<patientArchiveCount>0<", "<patientArchiveCount>1<"),
    )
    yield flaw(
        "§1",
        "archive-transverse",
        "no TRANSVERSE.ZIP",
        root=without("TRANSVERSE.ZIP"),
        manifest=replaced("<transverseArchiveCount>0<", "<transverseArchiveCount>1<"),
    )
    yield flaw("§1", "transverse-readme", "no README.TXT in TRANSVERSE", transverse=without("README.TXT"))
    yield flaw(
        "§1", "transverse-documents", "nothing in TRANSVERSE", transverse=without("TRANSVERSE/EXCLUS.TXT")
    )
    yield flaw(
        "§1",
        "transverse-other",
        "a file beside TRANSVERSE",
        transverse=added("MORE.TXT"),
        root=_mapped(b"MORE.TXT;;\r\n"),
    )
    yield flaw(
        "§10.1",
        "transverse-unit",
        "an agenda of one patient",
        kind="UNITAIRE",
        transverse=added("TRANSVERSE/AGENDA.ICS"),
        root=_mapped(b"AGENDA.ICS;;\r\n"),
    )


def _patients() -> Iterator[ArchiveFlaw]:
    yield flaw("§1", "patient-readme", "no README.TXT of a patient", patient=without("README.TXT"))
    yield flaw("§1", "patient-index", "no INDEX.HTM", patient=without("INDEX.HTM"))
    yield flaw("§1", "patient-subset", "SUBSET02 alone", patient=_second_subset)
    yield flaw("§1", "patient-metadata", "no METADATA.XML", patient=without(in_subset("METADATA.XML")))
    yield flaw("§1", "patient-documents", "metadata alone", patient=_without_documents)
    yield flaw("§1 W5", "patient-summary", "no medical summary", described=_no_summary)
    yield flaw("§1", "patient-pdf", "no PDF", patient=_without_pdfs)
    yield flaw(
        "§1 W3",
        "subset-names",
        "a long name",
        described=_long_name,
        root=_mapped(b"LETTRE_AU_CONFRERE.TXT;;\r\n"),
    )


def _without_documents(files: Files) -> None:
    for name in [one for one in files if one.startswith(in_subset("")) and not one.endswith("METADATA.XML")]:
        del files[name]


def _second_subset(files: Files) -> None:
    every = list(files.items())
    files.clear()
    files.update((name.replace("SUBSET01", "SUBSET02"), data) for name, data in every)


def _no_summary(documents: list) -> None:
    documents[0] = replace(
        documents[0], format="urn:ihe:iti:xds-sd:pdf:2008|1.2.250.1.213.1.1.4.12|PDF dans un CDA N1"
    )


def _long_name(documents: list) -> None:
    documents[1] = replace(documents[1], name="LETTRE_AU_CONFRERE.TXT")


def _without_pdfs(files: Files) -> None:
    for name in [one for one in files if one.startswith("PDF/")]:
        del files[name]


# -- texts --------------------------------------------------------------------------------


def _readmes() -> Iterator[ArchiveFlaw]:
    yield flaw("§2", "readme-ascii", "an accent", readme=replaced("Modele", "Modèle"))
    yield flaw("§2", "readme-lines", "LF alone", readme=replaced("\r\n", "\n"))
    yield flaw(
        "§2",
        "readme-author",
        "no author",
        readme=replaced("Fournisseur Sortant", "Identite"),
        root=_other_readme,
    )
    yield flaw(
        "§2",
        "readme-application",
        "no application",
        readme=lambda text: text.replace("Application de l'editeur emetteur", "Programme"),
    )
    yield flaw("§2", "readme-instructions", "no instructions", readme=replaced("Instructions", "Conseils"))
    yield flaw("§2", "readme-tree", "no tree", readme=replaced("Arborescence", "Fichiers"))
    yield flaw(
        "§2",
        "readme-contact",
        "no contact",
        readme=replaced("Contact : portabilite@example.org, 01 00 00 00 00", "-"),
    )


def _other_readme(files: Files) -> None:
    files["README.TXT"] = files["README.TXT"].replace(b"Application de l'editeur emetteur", b"Application")


def _pages() -> Iterator[ArchiveFlaw]:
    yield flaw("§3", "index-xhtml", "not well-formed", page=replaced("</p>", "", 1))
    yield flaw(
        "§3", "index-xhtml", "no namespace", page=replaced(' xmlns="http://www.w3.org/1999/xhtml"', "")
    )
    yield flaw(
        "§3",
        "index-xhtml",
        "an entity of its own",
        page=replaced('xhtml1-strict.dtd">', 'xhtml1-strict.dtd" [<!ENTITY e "x">]>'),
    )
    yield flaw(
        "§3",
        "index-strict",
        "an element of HTML 5",
        page=replaced("<p>Emetteur", "<section></section><p>Emetteur"),
    )
    yield flaw("§3", "index-sender", "no sender", page=replaced("Emetteur", "Auteur"))
    yield flaw("§3", "index-readme", "no link", page=replaced('href="README.TXT"', 'href="LISEZMOI.TXT"'))


def _documentation() -> Iterator[ArchiveFlaw]:
    yield flaw(
        "§8", "documentation-readable", "XML that is none", root=added("DOCUMENTATION/DICO001.XML", b"<dico>")
    )
    yield flaw(
        "§8", "documentation-readable", "an empty document", root=added("DOCUMENTATION/DICO001.PDF", b"")
    )
    yield flaw(
        "§8",
        "documentation-mapping",
        "no mapping",
        root=renamed("DOCUMENTATION/MAPPING.CSV", "DOCUMENTATION/TABLE.CSV"),
    )
    yield flaw(
        "§8",
        "documentation-covers",
        "a file that it does not name",
        root=lambda files: changed(
            "DOCUMENTATION/MAPPING.CSV",
            files["DOCUMENTATION/MAPPING.CSV"].replace(b"EXCLUS.TXT;texte;\r\n", b""),
        )(files),
    )


# -- PDF ----------------------------------------------------------------------------------


def _pdfs() -> Iterator[ArchiveFlaw]:
    def at(part: str, name: str) -> object:
        return lambda files: renamed(twin_of(files, part), f"PDF/{name}")(files)

    yield flaw("§7", "pdf-name", "a free name", patient=at("DOC00002", "lettre.pdf"))
    yield flaw(
        "§7",
        "pdf-name",
        "a day that is none",
        patient=at("DOC00002", "20261399_CR_EXEMPLE_Anne_DOC00002.pdf"),
    )
    yield flaw(
        "§7",
        "pdf-name",
        "a name in small letters",
        patient=at("DOC00002", "20251103_CR ou fiche de consultation ou de visite_Exemple_Anne_DOC00002.pdf"),
    )
    yield flaw(
        "§7",
        "pdf-patient",
        "another patient",
        patient=at("DOC00002", "20251103_CR ou fiche de consultation ou de visite_AUTRE_Jean_DOC00002.pdf"),
    )
    yield flaw(
        "§7",
        "pdf-twin",
        "a document without twin",
        patient=lambda files: files.pop(twin_of(files, "DOC00002")),
    )
    yield flaw(
        "§7",
        "pdf-twin",
        "a twin of another day",
        patient=at("DOC00002", "20251104_CR ou fiche de consultation ou de visite_EXEMPLE_Anne_DOC00002.pdf"),
    )
    yield flaw(
        "§7",
        "pdf-alone",
        "a PDF more",
        patient=added("PDF/20200101_Synthèse_EXEMPLE_Anne_DOC00009.pdf", twin()),
    )
    yield flaw(
        "§7",
        "pdf-whole",
        "cut short",
        patient=lambda files: changed(twin_of(files, "DOC00002"), twin()[:-8])(files),
    )
    yield flaw(
        "§7",
        "pdf-whole",
        "no PDF",
        patient=lambda files: changed(twin_of(files, "DOC00002"), b"PK nothing")(files),
    )
    for name, named in (("encrypted", "Encrypt"), ("object streams", "ObjStm"), ("JavaScript", "JavaScript")):
        yield flaw(
            "§7",
            "pdf-a-features",
            name,
            patient=lambda files, named=named: changed(
                twin_of(files, "DOC00002"),
                twin().replace(b"%%EOF", f"1 0 obj<</{named} 2 0 R>>endobj\n%%EOF".encode()),
            )(files),
        )
    yield flaw(
        "§7",
        "pdf-a-claim",
        "no claim",
        patient=lambda files: changed(twin_of(files, "DOC00002"), twin(claim=False))(files),
    )
