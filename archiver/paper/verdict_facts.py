"""Facts at the head of a printed verdict, as rows: the package or the set, the very file, and what it was judged by."""

from __future__ import annotations

from collections.abc import Iterable

from archiver.nouns import SEALED_UNITS, VOLUMES
from archiver.package.manifests.manifest import Manifest, Organisation
from archiver.package.manifests.set_manifest import SetManifest
from archiver.paper.verdict_text import (
    ENGLISH,
    FRENCH,
    VerdictText,
    in_both_languages,
    in_language,
    moment_text,
)
from archiver.verdict import Origin, SourceVerdict, Verdict
from archiver.verdict_basis import Basis, ExaminedFile
from formats.errors import Fact
from formats.words import Counted, mark

Row = tuple[str, str, str]
"""A label (its lines one below the other), what it says in French, and the same in English, or nothing."""
MAX_ANCHORS = 8
"""Anchors that are printed; whoever accepts every root of a system has a hundred and fifty."""


def file_rows(basis: Basis) -> list[Row]:
    """Return which file it is: its digest and its size."""
    label = f"{FRENCH.file_digest}\n{ENGLISH.file_digest}"
    french, english = (size_of(basis.file, text) for text in (FRENCH, ENGLISH))
    if basis.file.digest is None:
        return [(label, french, english)]
    return [(label, basis.file.digest.hex, ""), ("", french, english)]


def size_of(file: ExaminedFile, text: VerdictText) -> str:
    """Return the size of ``file`` in words, or why it has none."""
    return text.folder if file.size is None else text.size.format(size=file.size)


def basis_rows(basis: Basis, verdict: Verdict, document: str) -> list[Row]:
    """Return the policy, the anchors, and whether revocation was examined; ``document`` has all anchors."""
    policy = f"{basis.policy} ({basis.policy_issued.isoformat()})"
    french, english = (_revocation(verdict, text) for text in (FRENCH, ENGLISH))
    anchors = zip(_anchors(basis, FRENCH, document), _anchors(basis, ENGLISH, document), strict=True)
    label = f"{FRENCH.anchors}\n{ENGLISH.anchors}"
    return [
        (f"{FRENCH.policy}\n{ENGLISH.policy}", policy, ""),
        *((label if not place else "", *one) for place, one in enumerate(anchors)),
        (f"{FRENCH.revocation} / {ENGLISH.revocation}", french, english),
    ]


def _anchors(basis: Basis, text: VerdictText, document: str) -> list[str]:
    lines = [f"{text.services[one.service]} : {one.subject}, {one.fingerprint}" for one in basis.anchors]
    lines += [f"{text.fingerprint} : {one}" for one in basis.fingerprints]
    lines += [text.first_use] if basis.first_use else []
    more = len(lines) - MAX_ANCHORS
    if more > 0:
        lines = [*lines[:MAX_ANCHORS], text.more_anchors.format(more=more, document=document)]
    return lines or [text.no_anchor]


def _revocation(verdict: Verdict, text: VerdictText) -> str:
    return " ; ".join(
        f"{name} : {text.examined[answer.revocation]}"
        for name, answer in (
            (text.services["signers"], verdict.trusted),
            (text.services["time-stamps"], verdict.existed_at),
        )
    )


def package_rows(manifest: Manifest) -> list[Row]:
    """Return which package it is: its identifier, units and revision, its volume where it is one, who sends it."""
    handover = manifest.handover
    facts: dict[str, Fact] = {
        "units": Counted(len(manifest.units), SEALED_UNITS),
        "created": moment_text(handover.created),
    }
    rows = [
        (f"{FRENCH.package} / {ENGLISH.package}", manifest.package_id, ""),
        ("", *in_both_languages(mark("{units}, made on {created}"), facts)),
    ]
    revision = {"revision": manifest.revision}
    rows.append(("", FRENCH.revision.format(**revision), ENGLISH.revision.format(**revision)))
    if place := handover.volume:
        known = {"number": place.volume, "of": place.of, "set_id": place.set_id}
        rows.append(("", FRENCH.volume.format(**known), ENGLISH.volume.format(**known)))
    return [*rows, _between(handover.sender, handover.receiver)]


def origin_rows(origin: Origin | None) -> list[Row]:
    """Return what the first revision proves, where this is a later one."""
    rows, label = [], f"{FRENCH.origin} / {ENGLISH.origin}"
    for _, answer in origin.answers() if origin else ():
        french, english = (in_language(answer.sentence, answer.facts, language) for language in ("fr", "en"))
        rows.append((label, french, english))
        label = ""
    return rows


def provenance_rows(sources: Iterable[SourceVerdict]) -> list[Row]:
    """Return from which packages the units were taken, and what each of these proves."""
    rows, label = list[Row](), f"{FRENCH.source} / {ENGLISH.source}"
    for one in sources:
        facts: dict[str, Fact] = {
            "created": moment_text(one.created),
            "package": one.package,
            "sender": one.sender,
        }
        rows.append((label, *in_both_languages(mark("{package}, made on {created} by {sender}"), facts)))
        rows += (("", french, english) for _, french, english in origin_rows(one.answers))
        label = ""
    return rows


def set_rows(volume_list: SetManifest) -> list[Row]:
    """Return which set it is: its identifier, volumes and units, and who sends it."""
    units = sum(one.units for one in volume_list.volumes)
    facts: dict[str, Fact] = {
        "volumes": Counted(len(volume_list.volumes), VOLUMES),
        "units": Counted(units, SEALED_UNITS),
        "created": moment_text(volume_list.created),
    }
    return [
        (f"{FRENCH.package} / {ENGLISH.package}", volume_list.set_id, ""),
        ("", *in_both_languages(mark("a set of {volumes}, {units}, made on {created}"), facts)),
        _between(volume_list.sender, volume_list.receiver),
    ]


def _between(sender: Organisation, receiver: Organisation | None) -> Row:
    french, english = (
        f"{sender.name} {text.to} {receiver.name if receiver else text.nobody}" for text in (FRENCH, ENGLISH)
    )
    return f"{FRENCH.handover} / {ENGLISH.handover}", french, english
