"""Facts of a package or a set, as its examination found them and, with a key, as its keyring and lists say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archiver.compliance.request_words import OMISSION_WORDS, Omission
from archiver.examination.examined import ExaminedPackage
from archiver.handover.kinds import kind_words, kinds_in_order
from archiver.handover.opening import OpenedHandover, UnlockedPackage, announced_sums
from archiver.handover.practice_terms import stated_terms
from archiver.package.manifests.manifest import Manifest, Organisation
from archiver.package.manifests.set_manifest import SetManifest
from archiver.paperwork.terms_facts import agreement_data, terms_data
from archiver.paperwork.transfer import (
    CodeData,
    CountData,
    FileData,
    HoleData,
    LeftOutData,
    NumberData,
    PartyData,
    SignerData,
    TransferData,
    VolumeData,
)
from archiver.scope.gone_leaving import GONE
from archiver.scope.handover_terms import (
    LEFT_OUT_TERMS,
    HandoverTerm,
    value_words,
)
from archiver.scope.legal_ground import ground_words
from archiver.scope.redactions import redaction_words
from archiver.scope.rosters.roster_agreement import RosterAgreement
from archiver.sealing.unsealing import open_entry
from archiver.verdict import Verdict
from archiver.verdict_basis import Basis, ExaminedFile
from formats.digests import Digest
from formats.model.missing import (
    EMPTY_FILES,
    REASONS,
    UNREAD_AMOUNTS,
    WITHOUT_FILE,
    Missing,
    MissingReason,
)
from formats.pdlgc.practice.read import read_practice_archive
from formats.words import LANGUAGES, BilingualText, Words, mark

HOLES = (WITHOUT_FILE, EMPTY_FILES, UNREAD_AMOUNTS)
"""Counts of missing content, which are no records."""
NOT_ON_ROSTER = mark("not on the roster")
OWN_ROWS = mark("about the practice as a whole; they stay with the sender")
NOT_STATED = mark("reason not stated")
_SYSTEMS = {"https://rpps.esante.gouv.fr": "RPPS", "https://finess.esante.gouv.fr": "FINESS"}


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedContent:
    """What only a key, or whoever sealed the package, knows: sums, why content is missing, who agreed on the roster."""

    sums: Mapping[str, int]
    missing: Missing = field(default_factory=Counter)
    terms: Mapping[HandoverTerm, str] = field(default_factory=dict)
    agreement: RosterAgreement | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)


def opened_content(received: OpenedHandover) -> OpenedContent:
    """Return what the keyrings and the practice's own units say.

    Raises:
        PackageFailure, KeyFailure, FormatFailure: when a unit is not what the keyring promises, or cannot be read.
    """
    missing: Missing = Counter()
    for volume in received.volumes:
        missing.update(_missing(volume))
    stated = stated_terms(received)
    return OpenedContent(
        sums=announced_sums(received),
        missing=missing,
        terms=stated.terms,
        agreement=stated.agreement,
        left_out=stated.left_out,
    )


def _missing(volume: UnlockedPackage) -> Missing:
    found: Missing = Counter()
    for entry in volume.keyring.entries:
        if entry.patient is None:
            with volume.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
                for row in read_practice_archive(plain).records.missing:
                    found[row.what, MissingReason(row.reason)] += int(row.missing)
    return found


def transfer_of_opened(received: OpenedHandover, basis: Basis, made: datetime) -> TransferData:
    """Return the facts of a package or a set that was opened with a key; raises as ``opened_content``."""
    manifests = [one.package.manifest for one in received.volumes]
    return _transfer(
        manifests, received.volume_list, received.verdict, basis, received.signed_list,
        opened_content(received), made,
    )  # fmt: skip


def transfer_of_examined(
    examined: ExaminedPackage, basis: Basis, made: datetime, content: OpenedContent | None = None
) -> TransferData:
    """Return the facts of a package or a set that was examined without a key, and is not to be refused.

    ``content`` is what whoever sealed it knows besides.
    """
    found = (examined, *examined.volumes)
    manifests = [one.manifest for one in found if one.manifest is not None]
    return _transfer(
        manifests, examined.volume_list, examined.verdict, basis, examined.signed_list, content, made
    )


def _transfer(
    manifests: Sequence[Manifest],
    volume_list: SetManifest | None,
    verdict: Verdict,
    basis: Basis,
    signed_list: Digest | None,
    content: OpenedContent | None,
    made: datetime,
) -> TransferData:
    first = manifests[0]
    handover = first.handover
    counts: Counter[str] = Counter()
    for one in manifests:
        counts.update(one.handover.counts)
    everybody = handover.scope.kind == "all"
    return TransferData(
        made=made,
        identifier=volume_list.set_id if volume_list else first.package_id,
        created=handover.created.astimezone(made.tzinfo),
        revision=first.revision if volume_list is None else 1,
        signed_list=signed_list,
        units=sum(len(one.units) for one in manifests),
        file=_file(basis.file),
        volumes=tuple(_volumes(manifests, basis)) if volume_list else (),
        signers=tuple(_signers(verdict)),
        ground=CodeData(code=handover.legal_ground, words=ground_words(handover.legal_ground)),
        sender=_named(handover.sender),
        receiver=_party(handover.receiver),
        controller_before=_named(handover.controller_before),
        controller_after=_party(handover.controller_after),
        everybody=everybody,
        terms=tuple(terms_data(content.terms)) if content else (),
        agreement=agreement_data(content.agreement, made.tzinfo) if content and content.agreement else None,
        on_hold=_on_hold(manifests),
        opened=content is not None,
        counts=tuple(
            _count(kind, counts[kind])
            for kind in kinds_in_order(counts)
            if counts[kind] and kind not in HOLES
        ),
        sums=tuple(_count(kind, count) for kind, count in sorted((content.sums if content else {}).items())),
        holes=tuple(_holes(counts, content)),
        left_out=(
            *_left_out(
                handover.scope.left_out,
                content.terms if content else {},
                everybody=everybody,
                opened=content is not None,
            ),
            *_redactions(content.left_out if content else {}),
        ),
    )


def _on_hold(manifests: Sequence[Manifest]) -> int:
    """Count the dossiers under a hold: all units but the practice's own, which is under one as soon as a dossier is."""
    units = (sum(unit.hold for unit in one.units) for one in manifests)
    return sum(max(count - 1, 0) for count in units)


def _count(kind: str, count: int) -> CountData:
    return CountData(kind=_kind(kind), count=count)


def _kind(kind: str) -> CodeData:
    return CodeData(code=kind, words=kind_words(kind))


def _holes(counts: Mapping[str, int], content: OpenedContent | None) -> Iterator[HoleData]:
    if content is None:
        files = counts.get("documents", 0) + counts.get("image_files", 0)
        for kind in HOLES:
            if counts.get(kind, 0):
                of = counts.get("source_rows", 0) if kind == UNREAD_AMOUNTS else files
                yield HoleData(kind=_kind(kind), count=counts[kind], of=of, reason=None)
        return
    for (kind, reason), count in sorted(content.missing.items()):
        why = CodeData(code=reason.value, words=REASONS[reason])
        yield HoleData(kind=_kind(kind), count=count, of=counts.get(kind, 0), reason=why)


def _left_out(
    left_out: Mapping[str, int], terms: Mapping[HandoverTerm, str], *, everybody: bool, opened: bool
) -> Iterator[LeftOutData]:
    gone = OMISSION_WORDS[Omission.GONE]
    reasons = {"practice_rows": OWN_ROWS, GONE: gone, "patients": gone if everybody else NOT_ON_ROSTER}
    reasons |= {
        kind: value_words(term, terms[term]) for kind, term in LEFT_OUT_TERMS.items() if term in terms
    }
    for kind, count in sorted(left_out.items()):
        if count and not (kind == GONE and opened):  # by kind of record among the redactions
            yield LeftOutData(kind=_kind(kind), count=count, reason=reasons.get(kind, NOT_STATED))


def _redactions(left_out: Mapping[str, int]) -> Iterator[LeftOutData]:
    """Yield what was taken out of dossiers, which only the practice's unit says."""
    for code, count in sorted(left_out.items()):
        if words := redaction_words(code):
            place = BilingualText(Words(*(words.place(language) for language in LANGUAGES)))
            yield LeftOutData(kind=CodeData(code=code, words=place), count=count, reason=words.reason)


def _signers(verdict: Verdict) -> Iterator[SignerData]:
    facts = verdict.signed_by.facts
    for prefix in ("", "co_"):
        if f"{prefix}signer" in facts:
            fingerprint = facts.get(f"{prefix}fingerprint", "")
            yield SignerData(
                name=str(facts[f"{prefix}signer"]), fingerprint="".join(str(fingerprint).split())
            )


def _named(organisation: Organisation) -> PartyData:
    numbers = (
        NumberData(system=_SYSTEMS.get(one.system, one.system), value=one.value)
        for one in organisation.identifiers
    )
    return PartyData(name=organisation.name, numbers=tuple(numbers))


def _party(organisation: Organisation | None) -> PartyData | None:
    return None if organisation is None else _named(organisation)


def _file(file: ExaminedFile) -> FileData:
    return FileData(name=file.name, size=file.size or 0, sha256=file.digest)


def _volumes(manifests: Sequence[Manifest], basis: Basis) -> Iterator[VolumeData]:
    for number, (manifest, file) in enumerate(zip(manifests, basis.volumes, strict=True), 1):
        place = manifest.handover.volume
        yield VolumeData(
            number=number,
            identifier=manifest.package_id,
            file=_file(file),
            units=len(manifest.units),
            retention_year=place.retention_year if place else None,
        )
