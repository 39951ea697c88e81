"""What a proof, and its judgement, say: as sentences for a person, and as documents for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from archiver.examination.verdict_document import set_document
from archiver.operations.dossiers.find import CANDIDATES
from archiver.operations.proofs.judge import JudgedProof
from archiver.package.proofs.inclusion import InclusionProof
from archiver.search.query import query_of
from archiver.search.records import records_of_keyring
from archiver.search.search import FoundPerson, SearchResult, persons_of, search
from formats.errors import Fact
from formats.words import mark, plural

Sentence = tuple[str, Mapping[str, Fact]]
"""A gettext message with its facts."""
LOOKED_FOR = plural("{wanted}: {count} person fits: {near}.", "{wanted}: {count} persons fit: {near}.")
NOBODY = mark("{wanted}: nobody in the package fits. Nearest: {near}.")
LISTED = plural(
    "{count} patient is listed: exactly the one to whom the signed manifest commits.",
    "{count} patients are listed: exactly those to whom the signed manifest commits, one for each unit "
    "but the practice's.",
)
INCLUDED = mark("{patient}: a patient to whom the signed manifest commits ({size} in all). Unit: {unit}.")
COMPARED = mark("The archive is the one that was handed over for this patient.")
OF_A_LIST = mark(
    "The list says under which names the sender handed dossiers over. That a dossier is the one its line "
    "names shows who opens its unit (archiver keys show-unit)."
)
OF_A_VOLUME = mark(
    "This is volume {volume} of {of} of a set: who is in the others is not seen here. The whole set is judged "
    "by its own file (…-set.asice)."
)
OF_A_PATIENT = mark(
    "SHA-256 of the dossier in the clear: {digest}. --archive compares one; without it, the proof says "
    "whose dossier the sender handed over, and not what is in it."
)
WRITTEN = mark(
    "{path}: shows that {patient} is a patient of this package ({size} in all), and names nobody else."
)
SEALED = plural(
    "{path}: {count} patient, everybody in the package; only the expert's key opens it.",
    "{path}: {count} patients, everybody in the package; only the expert's key opens it.",
)
LINKED = plural(
    "{count} record of the same person has another unit: {numbers}.",
    "{count} records of the same person have other units: {numbers}.",
)


def patient_line(traits: Mapping[str, str]) -> str:
    """Return the names, the birth date and the number of the practice, as far as they are known."""
    birth_name = traits.get("family", "")
    family = traits.get("used_family") or birth_name
    shown = f"{family} ({birth_name})" if birth_name and birth_name != family else family
    parts = (f"{shown} {traits.get('given', '')}".strip(), traits.get("birth_date"), traits.get("number"))
    return " · ".join(filter(None, parts)) or traits.get("id", "")


def proven_document(proof: InclusionProof, target: Path, linked: Sequence[str]) -> dict[str, Any]:
    """Return what the proof at ``target`` shows; ``linked`` are numbers of other records of the same person."""
    return {
        "proven": 1,
        "path": str(target),
        "package": proof.package,
        "unit": proof.leaf.unit,
        "patient": dict(proof.leaf.patient),
        "index": proof.index,
        "size": proof.size,
        "linked": list(linked),
    }


def listed_document(package: str, target: Path, count: int) -> dict[str, Any]:
    """Return what the list at ``target`` is: ``count`` patients of the package or set."""
    return {"listed_for_expert": 1, "path": str(target), "package": package, "patients": count}


def search_list(judged: JudgedProof, wanted: Sequence[str], *, today: date) -> list[tuple[str, SearchResult]]:
    """Return, for each of ``wanted``, who of the listed patients fits, or comes nearest.

    Raises:
        NothingToFind: when words say nothing.
    """
    persons = persons_of(records_of_keyring(judged.patients)) if wanted else []
    return [(one, search(persons, query_of([one], today), limit=CANDIDATES)) for one in wanted]


def result_sentences(
    judged: JudgedProof, searched: Sequence[tuple[str, SearchResult]], *, none: str
) -> Iterator[Sentence]:
    """Yield what the proof shows; ``none`` says that nobody comes near."""
    proof = judged.inclusion
    if proof is not None:
        patient = patient_line(proof.leaf.patient)
        yield INCLUDED, {"patient": patient, "size": proof.size, "unit": proof.leaf.unit}
        if judged.archive_compared:
            yield COMPARED, {}
        return
    yield LISTED, {"count": len(judged.patients)}
    for wanted, result in searched:
        near = ", ".join(map(_called, result.found or result.nearest)) or none
        facts: dict[str, Fact] = {"wanted": wanted, "near": near}
        yield (LOOKED_FOR, {**facts, "count": result.count}) if result.count else (NOBODY, facts)


def unshown_sentences(judged: JudgedProof) -> Iterator[Sentence]:
    """Yield what has to be said besides: what the proof does not show."""
    if judged.inclusion is None:
        manifest = judged.examined.manifest
        if manifest is not None and (place := manifest.handover.volume):
            yield OF_A_VOLUME, {"volume": place.volume, "of": place.of}
        yield OF_A_LIST, {}
    elif not judged.archive_compared:
        yield OF_A_PATIENT, {"digest": judged.inclusion.leaf.plain_digest.hex}


def proof_document(
    judged: JudgedProof, package: Path, searched: Sequence[tuple[str, SearchResult]]
) -> dict[str, Any]:
    """Return the judgement of a proof about the package or set at ``package``."""
    proof, verdict = judged.inclusion, judged.examined.verdict
    return {
        "proof": 1,
        "shows": "patients" if proof is None else "patient",
        "package": str(package),
        "set": set_document(judged.examined),
        **{question: answer.state.value for question, answer in verdict.answers()},
        "patient": None if proof is None else dict(proof.leaf.patient),
        "unit": None if proof is None else proof.leaf.unit,
        "archive_compared": judged.archive_compared,
        "size": len(judged.patients) if proof is None else proof.size,
        "searched": [
            {
                "words": words,
                "count": result.count,
                "found": list(map(_called, result.found)),
                "offered": list(map(_called, result.nearest[:CANDIDATES])),
            }
            for words, result in searched
        ],
    }


def _called(person: FoundPerson) -> str:
    record = person.records[0]
    names = record.names
    given = names.used_given or " ".join(names.birth_givens)
    traits = {"family": names.birth_family, "used_family": names.used_family, "given": given}
    return patient_line({**traits, "birth_date": names.birth_date, "number": record.number})
