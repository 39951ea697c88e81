"""What evidence of a vault is due, read from the records in its objects; nothing is assumed and nothing written.

1. A time-stamp that is later than the clock of this machine stops everything: one of both is wrong.
2. Every record is judged without what it covers. What does not hold is said: a renewal does not heal it.
3. A record whose hash function ends within the horizon is due for a hash-tree renewal; one of which anything else ends,
   for a time-stamp renewal (RFC 4998, 5.2).
4. Files of which no record that holds speaks get one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from archiver.evidence.errors import EvidenceStampUnproven
from archiver.evidence.links import algorithms_of
from archiver.evidence.tsa import MAX_CLOCK_DIFFERENCE
from archiver.evidence.verify import verify_record
from archiver.operations.vault.fetch import find_stored
from archiver.signing.algorithms import use_of
from archiver.signing.policy import AlgorithmPolicy
from archiver.signing.signatures.tokens import read_token
from archiver.signing.trust.anchors import Trust
from archiver.vault.catalogue import Catalogue
from archiver.vault.errors import EvidenceClockBehind, PreservationDigestsEnded
from archiver.vault.open_vault import Vault
from archiver.vault.preservation.judged_evidence import JudgedEvidence, JudgedTable
from archiver.vault.preservation.profile import PreservationProfile
from archiver.vault.preservation.stored_evidence import (
    Stored,
    StoredEvidence,
    next_number,
    read_stored_evidence,
    uncovered_paths,
)
from archiver.verdict import StampVerdict, State
from formats.digests import Digest, DigestAlgorithm
from formats.errors import Failure
from formats.findings import Finding

TOMBSTONE = "destruction/tombstone.json"
"""Logical path of what remains of a destroyed package: nothing of it is renewed (docs/en/format/vault.md, 11)."""


FOREVER = datetime.max.replace(tzinfo=UTC)
"""When evidence ends that nobody needs."""


class EvidenceAction(StrEnum):
    """What is done about evidence: nothing; a first record; a time-stamp renewal or a hash-tree renewal."""

    NONE = "none"
    BUILD = "build"
    TIME_STAMP = "time-stamp"
    HASH_TREE = "hash-tree"


@dataclass(frozen=True, kw_only=True, slots=True)
class RenewalTerms:
    """By what evidence is judged and renewed: a profile, at a moment, within a horizon, by a policy."""

    profile: PreservationProfile
    policy: AlgorithmPolicy
    at: datetime
    horizon: timedelta

    @property
    def trust(self) -> Trust:
        """Whom the vault accepts as time-stamping authorities, at the moment."""
        return Trust(at=self.at, tsa_roots=self.profile.roots, policy=self.policy)

    @property
    def name(self) -> str:
        """Digest of the roots and the policy by which evidence is judged: the same as long as they are."""
        judgements = sorted(self.policy.judgements.items())
        return Digest.of(repr((sorted(self.profile.roots), judgements)).encode()).hex

    def require_algorithm(self) -> DigestAlgorithm:
        """The digest algorithm of new records and new chains.

        Raises:
            PreservationDigestsEnded: when every one of the profile ends within the horizon.
        """
        found = self.profile.digest_algorithm(self.policy, self.at + self.horizon)
        if found is None:
            raise PreservationDigestsEnded
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceTask:
    """One record of an object and what is due about it; ``stored`` is nothing for a first record.

    ``paths`` are the logical paths that it covers, ``stamp`` its newest time-stamp. ``failure`` says why it does not
    hold, or cannot be read; ``replaced`` that other records cover the same.
    """

    object_id: str
    number: int
    action: EvidenceAction
    found: Stored
    paths: tuple[str, ...] = ()
    stored: StoredEvidence | None = None
    stamp: StampVerdict | None = None
    failure: Failure | None = None
    replaced: bool = False

    @property
    def gone(self) -> bool:
        """Whether nothing is there any more of what it covers: of what was destroyed there is nothing to prove."""
        return self.found[0][1].logical_paths().keys().isdisjoint(self.paths)


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectEvidence:
    """The evidence of one object; ``findings`` are the storages that did not answer.

    ``unopened`` counts the records of an object that was not opened, because none can be due yet.
    """

    tasks: tuple[EvidenceTask, ...]
    findings: tuple[Finding, ...] = ()
    unopened: int = 0


def evidence_of_vault(
    vault: Vault, catalogue: Catalogue, terms: RenewalTerms, judged: JudgedTable | None = None
) -> Iterator[ObjectEvidence]:
    """Yield the evidence of every object of ``vault``, and what is due; one of which ``judged`` knows is not opened.

    Raises:
        EvidenceClockBehind: when a time-stamp is later than the clock.
        PreservationDigestsEnded: when the profile has no digest algorithm left.
    """
    lasting, name = timedelta(days=vault.description.fixity_days), terms.name if judged else ""
    for object_id in catalogue.object_ids():
        heads = catalogue.heads(object_id) if judged else ""
        known = judged.find(object_id) if judged else None
        if known is not None and known.holds(heads, name, terms.at, horizon=terms.horizon, lasting=lasting):
            yield ObjectEvidence(tasks=(), unopened=known.records)
            continue
        found = evidence_of_object(vault, object_id, terms)
        if judged is not None:
            _note(judged, object_id, (heads, name), found, terms)
        yield found


def _note(
    judged: JudgedTable,
    object_id: str,
    rests_on: tuple[str, str],
    found: ObjectEvidence,
    terms: RenewalTerms,
) -> None:
    """Write down until when nothing of an object is due; nothing where a storage is silent, or a record is due."""
    if found.findings or any(
        one.failure is not None or one.action is not EvidenceAction.NONE for one in found.tasks
    ):
        judged.forget(object_id)
        return
    ends = [end for one in found.tasks if not one.gone for end in _ends(one, terms)]
    heads, name = rests_on
    judged.put(
        JudgedEvidence(
            object_id=object_id,
            heads=heads,
            terms=name,
            judged_at=terms.at,
            ends_at=min(ends, default=FOREVER),
            records=len(found.tasks),
        )
    )


def _ends(task: EvidenceTask, terms: RenewalTerms) -> Iterator[datetime]:
    if task.stamp is not None:
        yield task.stamp.until
    if task.stored is not None:
        yield terms.policy.end(use_of(algorithms_of(task.stored.record)[-1]))


def evidence_of_object(vault: Vault, object_id: str, terms: RenewalTerms) -> ObjectEvidence:
    """Follow the steps above for one object; see ``evidence_of_vault``."""
    found, findings = find_stored(vault, object_id)
    if not found or any(TOMBSTONE in inventory.logical_paths() for _, inventory in found):
        return ObjectEvidence(tasks=(), findings=findings)
    try:
        records = read_stored_evidence(found)
    except Failure as failure:
        return ObjectEvidence(
            tasks=(
                EvidenceTask(
                    object_id=object_id,
                    number=0,
                    action=EvidenceAction.NONE,
                    found=found,
                    failure=failure,
                ),
            ),
            findings=findings,
        )
    # 1 to 3. what there is
    tasks = [_judged(object_id, one, found, terms) for one in records]
    sound = [task for task in tasks if task.failure is None]
    # 4. what has none
    proving = [task.stored for task in sound if task.stored]
    paths = uncovered_paths(found[0][1], proving, records)
    if paths:
        tasks.append(
            EvidenceTask(
                object_id=object_id,
                number=next_number(found[0][1]),
                action=EvidenceAction.BUILD,
                found=found,
                paths=paths,
            )
        )
    return ObjectEvidence(tasks=tuple(_replaced(one, set(paths)) for one in tasks), findings=findings)


def _replaced(task: EvidenceTask, uncovered: set[str]) -> EvidenceTask:
    """Return ``task``, said to be replaced where it does not hold and others cover all that it covers."""
    if task.failure is None or not task.paths or uncovered.intersection(task.paths):
        return task
    return replace(task, replaced=True)


def _judged(object_id: str, one: StoredEvidence, found: Stored, terms: RenewalTerms) -> EvidenceTask:
    task = EvidenceTask(
        object_id=object_id,
        number=one.number,
        action=EvidenceAction.NONE,
        found=found,
        paths=tuple(one.covered),
        stored=one,
    )
    try:
        # 1. the clock
        _refuse_clock_behind(one, terms)
        # 2. the record
        stamp = _newest_stamp(one, terms)
        # 3. the horizon
        action = EvidenceAction.NONE if task.gone else _action(one, stamp, terms)
        return replace(task, stamp=stamp, action=action)
    except (EvidenceClockBehind, PreservationDigestsEnded):
        raise
    except Failure as failure:
        failure.where = failure.where or one.path
        return replace(task, failure=failure)


def _refuse_clock_behind(one: StoredEvidence, terms: RenewalTerms) -> None:
    time = read_token(one.record.chains[-1].stamps[-1].token).time
    if time - terms.at > MAX_CLOCK_DIFFERENCE:
        stamps = verify_record(one.record, {}, replace(terms.trust, at=time)).stamps
        authority = stamps[-1].authority if stamps else ""
        facts = {"moment": terms.at.isoformat(timespec="seconds"), "other": time.isoformat()}
        raise EvidenceClockBehind(where=one.path, authority=authority, **facts)


def _newest_stamp(one: StoredEvidence, terms: RenewalTerms) -> StampVerdict:
    """Return the newest time-stamp of a record that holds by itself.

    Raises:
        EvidenceInvalid: when it does not; EvidenceStampUnproven: when nobody accepted its authority.
    """
    verdict = verify_record(one.record, {}, terms.trust)
    if verdict.existed_at.failure is not None:
        raise verdict.existed_at.failure
    unproven = next((stamp for stamp in verdict.stamps if stamp.answer.state is not State.PROVEN), None)
    if unproven is not None and terms.profile.roots:
        raise EvidenceStampUnproven(stamp=unproven.place, authority=unproven.authority)
    return verdict.stamps[-1]


def _action(one: StoredEvidence, stamp: StampVerdict, terms: RenewalTerms) -> EvidenceAction:
    beyond = terms.at + terms.horizon
    if terms.policy.end(use_of(algorithms_of(one.record)[-1])) <= beyond:
        return EvidenceAction.HASH_TREE
    return EvidenceAction.TIME_STAMP if stamp.until <= beyond else EvidenceAction.NONE
