"""The receipt of an import, made when everything is in: what came in must be what each package announces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archiver.handover.arrivals import Arrival, Arrivals, UnitOutcome
from archiver.handover.kinds import require_counts
from archiver.handover.opening import OpenedHandover, UnlockedPackage, announced_sums, present_counts
from archiver.handover.receipt import Receipt, ReceivedVolume
from archiver.package import layout
from archiver.package.contents import member_digest
from archiver.package.manifests.manifest import Organisation
from archiver.practice import questions
from archiver.practice.imports.dossier_part import ImportChoice
from archiver.practice.practitioners import practice_of_store
from archiver.practice.store import PracticeStore
from archiver.scope.practice_days import practice_zone
from archiver.signing.certificates.fingerprint import Fingerprint
from formats.model.missing import without_sums


@dataclass(slots=True)
class FoundContent:
    """What came in of one package: every kind counted, what was left aside, and whether a unit of it was refused."""

    counts: Counter[str] = field(default_factory=Counter)
    left_aside: Counter[str] = field(default_factory=Counter)
    refused: bool = False

    def add(self, arrival: Arrival) -> None:
        """Count ``arrival``."""
        if arrival.outcome is UnitOutcome.REFUSED:
            self.refused = True
        elif arrival.outcome is UnitOutcome.LEFT_ASIDE:
            self.left_aside.update({**arrival.left_aside, "patients": 1})
        elif arrival.who:
            self.counts.update({**arrival.counts, "patients": 1})
            self.left_aside.update(arrival.left_aside)


def receipt_of_import(
    store: PracticeStore,
    received: OpenedHandover,
    found_in: Mapping[str, FoundContent],
    arrivals: Arrivals,
    choice: ImportChoice,
    *,
    at: datetime,
) -> Receipt:
    """Return the receipt, having compared what came in of each package, ``found_in`` it, with what it announces.

    What was left aside by ``choice`` is part of what came to be read.

    Raises:
        CountsDiffer: when it is something else.
    """
    announced, found, left_aside = _compared_counts(received, found_in)
    manifest = received.volumes[0].package.manifest
    handover = manifest.handover
    practice, zone = practice_of_store(store), practice_zone(store)
    facts = received.verdict.signed_by.facts
    return Receipt(
        package=received.identifier,
        received_at=at.astimezone(zone),
        time_zone=str(zone),
        created=handover.created,
        ground=handover.legal_ground,
        sender=handover.sender.name,
        receiver=practice.name if practice else _name(handover.receiver),
        revision=1 if received.volume_list else manifest.revision,
        signed_list=received.signed_list,
        signer=str(facts.get("signer", "")),
        fingerprint=Fingerprint(facts.get("fingerprint", "")),
        announced={**announced, **announced_sums(received)},
        found=dict(found),
        left_aside=dict(left_aside),
        only=choice.patients is not None,
        part=choice.part,
        owned=practice is not None,
        arrivals=arrivals,
        destroyed=tuple(one.unit for volume in received.volumes for one in volume.destroyed),
        questions=questions.count_questions(store),
        volumes=tuple(map(_volume, received.volumes)),
        accepted=received.verdict.trusted,
        sources=tuple(one for volume in received.volumes for one in volume.package.verdict.sources),
        doubt=received.doubt,
        accepted_list=received.signed_list if received.doubt else None,
    )


def _compared_counts(
    received: OpenedHandover, found_in: Mapping[str, FoundContent]
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return what the packages announce of what is there, what was found, and what was left aside.

    Raises:
        CountsDiffer: when a package of which nothing was refused has something else.
    """
    announced, found, left_aside = Counter[str](), Counter[str](), Counter[str]()
    for volume in received.volumes:
        present = present_counts(volume)
        mine = found_in.get(volume.package.manifest.package_id, FoundContent())
        if not mine.refused:
            require_counts(present, without_sums(mine.counts + mine.left_aside))
        announced.update(present)
        found.update(mine.counts)
        left_aside.update(mine.left_aside)
    return announced, found, left_aside


def _name(organisation: Organisation | None) -> str:
    return organisation.name if organisation else ""


def _volume(opened: UnlockedPackage) -> ReceivedVolume:
    manifest = opened.package.manifest
    place = manifest.handover.volume
    return ReceivedVolume(
        package=manifest.package_id,
        signed_list=member_digest(opened.package.contents, layout.ASIC_MANIFEST),
        set_id=place.set_id if place else "",
        number=place.volume if place else 1,
        of=place.of if place else 1,
    )
