"""The receipt of an import: what came in, who was recognised, what waits for a human."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from archiver.handover.arrivals import Arrival, ArrivalGroup, Arrivals
from archiver.practice.imports.dossier_part import WHOLE, DossierPart
from archiver.practice.registers.degraded_entries import REASON_WORDS, DegradedEntry
from archiver.scope.handover_terms import HandoverTerm
from archiver.scope.rosters.roster_agreement import RosterAgreement
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.verdict import Answer, SourceVerdict, fault_line
from formats.digests import Digest
from formats.findings import Finding, Severity
from formats.words import mark

UNREAD_ALLERGY = mark(
    "An allergy could not be taken as it was sent ({why}), and nobody has looked at it: “{text}”. "
    "archiver dossier review shows the original."
)
OWNER_UNKNOWN = mark(
    "This store does not say whose practice it is, so an export of it would name nobody: import again with --practice, "
    "or collect your own practice."
)
NAMELESS_ALLERGY = mark(
    "An allergy could not be taken as it was sent ({why}), and nobody has looked at it. "
    "archiver dossier review shows the original."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedVolume:
    """One package that was read: volume ``number`` of ``of``; one by itself is of no set."""

    package: str
    signed_list: Digest | None = None
    set_id: str = ""
    number: int = 1
    of: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What was handed over, as the receiver found it; ``announced`` and ``found`` are totals per kind.

    ``package`` is the identifier of the package, or of the set whose ``volumes`` were all read;
    ``accepted`` is the answer by which the signer was accepted. ``questions`` is how many pairs of the
    whole practice wait for a human afterwards. ``receiver`` is the practice that imports, or whom the package names;
    ``received_at`` is on the clock of that practice, in its ``time_zone`` (IANA). ``signed_list`` is the digest by
    which the package, or the set, is known. ``doubt`` is what could not be proven about the
    signature, and was accepted by ``accepted_list``, the SHA-256 of the signed list. ``sources`` is what the packages
    prove from which its units were taken, ``terms`` are those that the practice's unit states, ``agreement`` says who
    agreed on its roster. ``left_aside`` is what was left aside on purpose, in all, because ``only`` some dossiers or
    ``part`` of each were asked for. ``owned`` says that the store says whose it is. ``destroyed`` are the units that a
    keeper had lawfully destroyed before, by their identifiers: whose they were is not told again.
    """

    package: str
    received_at: datetime
    created: datetime
    ground: str
    sender: str
    signer: str
    fingerprint: Fingerprint
    announced: Mapping[str, int]
    found: Mapping[str, int]
    arrivals: Arrivals
    receiver: str = ""
    time_zone: str = ""
    revision: int = 1
    signed_list: Digest | None = None
    questions: int = 0
    volumes: tuple[ReceivedVolume, ...] = ()
    accepted: Answer | None = None
    doubt: Answer | None = None
    accepted_list: Digest | None = None
    sources: tuple[SourceVerdict, ...] = ()
    terms: Mapping[HandoverTerm, str] = field(default_factory=dict)
    agreement: RosterAgreement | None = None
    left_aside: Mapping[str, int] = field(default_factory=dict)
    only: bool = False
    part: DossierPart = WHOLE
    owned: bool = True
    destroyed: tuple[str, ...] = ()

    @property
    def came_in(self) -> ArrivalGroup:
        """The dossiers that are new here, or brought something new."""
        return self.arrivals.group("came_in")

    @property
    def already_there(self) -> ArrivalGroup:
        """The dossiers that were here already, exactly as they came."""
        return self.arrivals.group("already_there")

    @property
    def refused(self) -> ArrivalGroup:
        """The units that could not be taken in, the practice's own included."""
        return self.arrivals.group("refused")

    @property
    def recognised(self) -> ArrivalGroup:
        """The patients who are, beyond doubt, patients of this practice already."""
        return self.arrivals.group("recognised")

    @property
    def waiting(self) -> ArrivalGroup:
        """The patients of whom a human must say who they are."""
        return self.arrivals.group("waiting")

    @property
    def without_content(self) -> ArrivalGroup:
        """The dossiers in which something lacks its content."""
        return self.arrivals.group("without_content")

    @property
    def on_hold(self) -> ArrivalGroup:
        """The dossiers under a hold: a claim, a judge. They are kept beyond their term until a person lifts it."""
        return self.arrivals.group("on_hold")

    @property
    def destroy_from(self) -> date | None:
        """When the law lets the first dossier be destroyed, where anybody can tell of one."""
        return self.arrivals.destroy_from

    @property
    def without_term(self) -> ArrivalGroup:
        """The dossiers of which nobody can tell the term, and which are therefore kept."""
        return self.arrivals.group("without_term")

    @property
    def pages_not_compared(self) -> ArrivalGroup:
        """The dossiers taken in whose page nobody compared with the data."""
        return self.arrivals.group("pages_not_compared")

    @property
    def newer_here(self) -> ArrivalGroup:
        """The units of which something is newer here than in the package, and stays as it is."""
        return self.arrivals.group("newer_here")

    @property
    def dossiers_left_aside(self) -> ArrivalGroup:
        """The dossiers of which nothing was asked for, and nothing came."""
        return self.arrivals.group("left_aside")

    @property
    def in_part(self) -> ArrivalGroup:
        """The dossiers of which something was left aside on purpose, and the rest came."""
        return self.arrivals.group("in_part")

    @property
    def unread_allergies(self) -> ArrivalGroup:
        """The dossiers with an allergy that could not be taken as it was sent, and at which nobody has looked."""
        return self.arrivals.group("unread_allergies")

    @property
    def done(self) -> bool:
        """Whether nothing is left to a person: no unit refused, no identity in question, no allergy unread."""
        return not (self.refused or self.waiting or self.unread_allergies)

    @property
    def changed(self) -> bool:
        """Whether the import changed anything."""
        return bool(self.arrivals.group("changed"))


def arrival_findings(receipt: Receipt) -> Iterator[Finding]:
    """Yield every remark about what came in, and of what did not, why; each names whose dossier it is."""
    for arrival in receipt.arrivals:
        yield from arrival_remarks(arrival)
        if arrival.refusal is not None:
            yield _named(arrival, fault_line(arrival.refusal))
    yield from owner_findings(receipt)


def owner_findings(receipt: Receipt) -> Iterator[Finding]:
    """Yield what a person should know where nobody has said whose store it is."""
    if not receipt.owned:
        yield Finding(
            severity=Severity.WARNING, code="own-practice-unknown", where="", sentence=OWNER_UNKNOWN
        )


def arrival_remarks(arrival: Arrival) -> Iterator[Finding]:
    """Yield what was noticed in the archive of one unit, an allergy that nobody has read first."""
    unread = map(_unread, arrival.unread_allergies)
    return (_named(arrival, remark) for remark in (*unread, *arrival.remarks))


def _unread(entry: DegradedEntry) -> Finding:
    """Return the finding about an allergy that could not be taken as it was sent."""
    facts = {"why": REASON_WORDS[entry.reason]} | ({"text": entry.text} if entry.text else {})
    sentence = UNREAD_ALLERGY if entry.text else NAMELESS_ALLERGY
    return Finding(severity=Severity.ERROR, code="allergy-unread", where="", sentence=sentence, facts=facts)


def _named(arrival: Arrival, finding: Finding) -> Finding:
    whose = arrival.name or arrival.unit
    return replace(finding, where=f"{whose}: {finding.where}" if finding.where else whose)
