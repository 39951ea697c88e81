"""What a printed verdict says beside the answers, in each language.

The sentences stand here and not in the catalogue, as those of the recovery card
do: a report is filed for decades in both languages at once. The questions are those of
``archiver.verdict_questions``, the words for an answer's state those of ``archiver.verdict_words``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from archiver.verdict import Revocation
from formats.errors import Fact, in_words
from formats.words import translate


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictText:
    """One language's words; ``{…}`` are filled in by the page."""

    title: str
    answers: str
    refused: str
    file_digest: str
    size: str
    folder: str
    policy: str
    anchors: str
    services: dict[str, str]
    no_anchor: str
    fingerprint: str
    first_use: str
    more_anchors: str
    revocation: str
    examined: dict[Revocation | None, str]
    package: str
    packages: str
    volumes: str
    file: str
    handover: str
    to: str
    nobody: str
    revision: str
    origin: str
    source: str
    volume: str
    unreadable: str
    signed_list: str
    judged: str
    made: str
    evidence: str
    stamp: str
    certificate: str
    renew: str
    prove: str
    findings: str
    none: str
    check: str
    check_how: str
    document: str
    page: str


FRENCH = VerdictText(
    title="Rapport de vérification",
    answers="{count} réponses : {answers}",
    refused="À REFUSER",
    file_digest="SHA-256 du fichier",
    size="{size} octets",
    folder="dossier ou fichier absent : ni taille ni empreinte",
    policy="Politique d’algorithmes",
    anchors="Ancres de confiance",
    services={"signers": "signataires", "time-stamps": "horodatage"},
    no_anchor="aucune racine acceptée",
    fingerprint="signataire accepté par son empreinte",
    first_use="premier signataire rencontré",
    more_anchors="… et {more} autres, toutes dans {document}",
    revocation="Révocation",
    examined={
        Revocation.EXAMINED: "examinée",
        Revocation.NOT_EXAMINED: "non examinée",
        None: "sans objet",
    },
    package="Paquet",
    packages="Paquets examinés",
    volumes="Fichiers des volumes",
    file="Fichier",
    handover="De",
    to="à",
    nobody="personne encore",
    revision="révision {revision} ; rien dans un paquet ne prouve qu’il n’en existe pas de plus récente",
    origin="Origine",
    source="Unités reprises de",
    volume="volume {number} sur {of} de l’ensemble {set_id}",
    unreadable="le manifeste n’a pas pu être lu",
    signed_list="SHA-256 de la liste signée",
    judged="Certificats jugés au",
    made="Rapport établi le",
    evidence="Enregistrements de preuve",
    stamp="{place} : {time}, {authority}, {hash} ; vaut jusqu’au {until} ({ends_by}) ; réponse {state}",
    certificate="certificat",
    renew="À renouveler avant le {until}",
    prove="Aucune preuve encore ; à donner avant le {until} ({ends_by})",
    findings="Constats",
    none="Aucun constat.",
    check="Contrôler ce rapport",
    check_how="Le même verdict, lisible par une machine, est dans {document}. Ce rapport a été établi sans "
    "aucune clé de déchiffrement : personne n’a lu les dossiers.",
    document="SHA-256 de {document}",
    page="page {page}",
)

ENGLISH = VerdictText(
    title="Verification report",
    answers="{count} answers: {answers}",
    refused="TO BE REFUSED",
    file_digest="SHA-256 of the file",
    size="{size} bytes",
    folder="a folder, or not there: neither size nor digest",
    policy="Policy of algorithms",
    anchors="Trust anchors",
    services={"signers": "signers", "time-stamps": "time-stamps"},
    no_anchor="no accepted root",
    fingerprint="signer accepted by fingerprint",
    first_use="the first signer met",
    more_anchors="… and {more} more, all of them in {document}",
    revocation="Revocation",
    examined={
        Revocation.EXAMINED: "examined",
        Revocation.NOT_EXAMINED: "not examined",
        None: "not applicable",
    },
    package="Package",
    packages="Packages examined",
    volumes="Files of the volumes",
    file="File",
    handover="From",
    to="to",
    nobody="nobody yet",
    revision="revision {revision}; nothing in a package proves that there is no later one",
    origin="Origin",
    source="Units taken from",
    volume="volume {number} of {of} of the set {set_id}",
    unreadable="the manifest could not be read",
    signed_list="SHA-256 of the signed list",
    judged="Certificates judged at",
    made="Report made at",
    evidence="Evidence records",
    stamp="{place}: {time}, {authority}, {hash}; holds until {until} ({ends_by}); {state}",
    certificate="certificate",
    renew="To be renewed before {until}",
    prove="No evidence yet; to be given before {until} ({ends_by})",
    findings="Findings",
    none="No findings.",
    check="To check this report",
    check_how="The same verdict, for machines, is in {document}. This report was made without any key that "
    "decrypts: nobody read the records.",
    document="SHA-256 of {document}",
    page="page {page}",
)


def in_both_languages(sentence: str, facts: Mapping[str, Fact]) -> tuple[str, str]:
    """Return a sentence of the catalogue in French and in English."""
    return in_language(sentence, facts, "fr"), in_language(sentence, facts, "en")


def in_language(sentence: str, facts: Mapping[str, Fact], language: str) -> str:
    """Return a sentence of the catalogue in ``language``, ``facts`` filled in."""
    return in_words(sentence, facts, lambda text: translate(text, language, "archiver", "formats"))


def moment_text(moment: datetime) -> str:
    """Return a moment to the second with its offset from UTC, the same in both languages."""
    return f"{moment:%Y-%m-%d %H:%M:%S %z}"
