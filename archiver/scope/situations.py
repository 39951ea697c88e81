"""Situations in which dossiers change hands, as data: who answers for them, who is taken, what stays and why.

Sources: CSP L1111-8, L1142-28, R1112-7, R4127-262, R4127-264, R4127-275, R4127-276; GDPR article 4(7);
CPP 60-1, 77-1-1, 99-3; ONCD, disciplinary chamber, 2 February 2016, n° 2291. The signatures a situation asks
for are those of its legal ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from archiver.scope.legal_ground import LegalGround
from formats.words import mark


class SituationCode(StrEnum):
    COLLABORATION_EXIT = "collaboration-exit"
    SHARE_SALE = "selarl-share-sale"
    ASSET_SALE = "selarl-asset-sale"
    PARTNER_EXIT = "selarl-partner-exit"
    CESSATION_TO_SUCCESSOR = "cessation-to-successor"
    CESSATION_TO_ARCHIVE = "cessation-to-archive-company"
    REPLACEMENT_END = "replacement-end"
    MERGER = "merger"
    REQUISITION = "requisition"
    ARCHIVE = "archive"
    ORPHAN = "orphan"
    CESSATION_TO_PATIENTS = "cessation-to-patients"
    PATIENT = "patient"


class Controller(StrEnum):
    """Who answers for the dossiers afterwards (GDPR, article 4(7))."""

    UNCHANGED = "unchanged"
    RECEIVER = "receiver"
    EACH = "each"


class Inclusion(StrEnum):
    """Whose dossiers are taken."""

    ROSTER = "roster"
    EVERYBODY = "everybody"
    EITHER = "either"
    EACH = "each"
    REQUEST = "request"


WHOLE = frozenset({Inclusion.EVERYBODY, Inclusion.EACH})
"""Where every patient is taken, and no roster says who."""


class CopyLeft(StrEnum):
    """What becomes of the copy that stays with the sender."""

    PRACTICE_KEEPS = "practice-keeps"
    UNTIL_RECEIPT = "until-receipt"
    COMPANY_KEEPS = "company-keeps"
    UNTIL_CLAIMED = "until-claimed"


class Acknowledgement(StrEnum):
    """How the sender learns that a package arrived."""

    RECEIPT = "receipt"
    DELIVERY = "delivery"


class OmissionReason(StrEnum):
    """Why something is not taken."""

    NOT_ON_ROSTER = "not-on-roster"
    NOT_REQUIRED = "not-required"
    PRACTICE_GOES_ON = "practice-goes-on"
    ONE_EACH = "one-each"
    NO_PATIENT = "no-patient"
    NOT_ASKED_FOR = "not-asked-for"


CONTROLLER_WORDS: Mapping[Controller, str] = {
    Controller.UNCHANGED: mark("the controller stays the same"),
    Controller.RECEIVER: mark("who receives is the controller from now on"),
    Controller.EACH: mark("each is the controller of the copy they keep"),
}
ACKNOWLEDGEMENT_WORDS: Mapping[Acknowledgement, str] = {
    Acknowledgement.RECEIPT: mark("a receipt that the receiver signs, within 3 days, 8 at the latest"),
    Acknowledgement.DELIVERY: mark("a proof of delivery: how, when and to whom it was handed over"),
}
INCLUSION_WORDS: Mapping[Inclusion, str] = {
    Inclusion.ROSTER: mark("the patients of the roster"),
    Inclusion.EVERYBODY: mark("every patient, and the practice's own data"),
    Inclusion.EITHER: mark("every patient, or those of a roster"),
    Inclusion.EACH: mark("every patient, each in a package of their own"),
    Inclusion.REQUEST: mark("the patient of an access request"),
}
COPY_LEFT_WORDS: Mapping[CopyLeft, str] = {
    CopyLeft.PRACTICE_KEEPS: mark("the sender keeps its own dossiers, whose term runs on (CSP R1112-7)"),
    CopyLeft.UNTIL_RECEIPT: mark(
        "the sender keeps its copy until a receipt is there and agrees, and for claims as long as the contract says"
    ),
    CopyLeft.UNTIL_CLAIMED: mark(
        "whoever answers for the practice keeps what nobody has claimed, until its term (CSP R1112-7)"
    ),
    CopyLeft.COMPANY_KEEPS: mark("the company goes on keeping the dossiers; none are handed over to another"),
}
OMISSION_WORDS: Mapping[OmissionReason, str] = {
    OmissionReason.NOT_ON_ROSTER: mark("not on the roster"),
    OmissionReason.NOT_REQUIRED: mark("not named by the requisition"),
    OmissionReason.PRACTICE_GOES_ON: mark("about the practice as a whole; they stay with the sender"),
    OmissionReason.ONE_EACH: mark("each patient has a package of their own"),
    OmissionReason.NO_PATIENT: mark("about no patient for sure; they stay on the server"),
    OmissionReason.NOT_ASKED_FOR: mark("not asked for"),
}
_STAYS = {"patients": OmissionReason.NOT_ON_ROSTER, "practice_rows": OmissionReason.PRACTICE_GOES_ON}


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverSituation:
    """One situation: ``source`` is where its rules stand, ``left_out`` why what it does not take stays, by kind.

    ``documents`` are the names of those that go with it; ``by_year`` cuts into volumes of one year, so that they are
    destroyed whole at their term; ``leaver`` says that somebody leaves who may want to open the package too. With
    ``to_patients`` a patient gets it, or whoever asks for their dossier: what the law keeps back from them is withheld.
    """

    words: str
    ground: LegalGround
    source: str
    controller: Controller = Controller.UNCHANGED
    inclusion: Inclusion = Inclusion.EVERYBODY
    copy_left: CopyLeft = CopyLeft.PRACTICE_KEEPS
    acknowledgement: Acknowledgement = Acknowledgement.RECEIPT
    left_out: Mapping[str, OmissionReason] = field(default_factory=dict)
    documents: tuple[str, ...] = ("slip", "attestation")
    by_year: bool = False
    leaver: bool = False
    to_patients: bool = False

    @property
    def each(self) -> bool:
        """Whether each person gets a package of their own."""
        return self.inclusion is Inclusion.EACH


_LETTERS = ("slip", "attestation", "patients-letter", "order-notice", "ars-notice")
_own_patients = partial(
    HandoverSituation,
    controller=Controller.EACH,
    inclusion=Inclusion.ROSTER,
    left_out=_STAYS,
    documents=_LETTERS,
    leaver=True,
)
"""Somebody leaves with a copy of their patients' dossiers, and whoever stays keeps theirs."""
_all_taken_over = partial(
    HandoverSituation, controller=Controller.RECEIVER, copy_left=CopyLeft.UNTIL_RECEIPT, documents=_LETTERS
)
"""Everything goes to somebody else, who answers for it from then on."""
_delivered_to_a_person = partial(
    HandoverSituation, acknowledgement=Acknowledgement.DELIVERY, documents=("slip",)
)
"""Somebody gets dossiers who imports nothing: a patient, a judge."""

SITUATIONS: Mapping[SituationCode, HandoverSituation] = {
    SituationCode.COLLABORATION_EXIT: _own_patients(
        words=mark("a collaborator leaves with a copy of their patients' dossiers"),
        ground=LegalGround.COLLABORATION_EXIT,
        source="CSP R4127-262, R4127-264, R4127-276; ONCD, 2016-02-02, n° 2291",
    ),
    SituationCode.SHARE_SALE: HandoverSituation(
        words=mark("the shares of a SELARL are sold, and the company keeps the dossiers"),
        ground=LegalGround.SHARE_SALE,
        source="RGPD art. 4(7)",
        copy_left=CopyLeft.COMPANY_KEEPS,
        leaver=True,
    ),
    SituationCode.ASSET_SALE: _all_taken_over(
        words=mark("a SELARL sells its practice, and the dossiers go to the buyer"),
        ground=LegalGround.ASSET_SALE,
        source="CSP R4127-264; RGPD art. 4(7)",
        leaver=True,
    ),
    SituationCode.PARTNER_EXIT: _own_patients(
        words=mark("a partner leaves a SELARL with the patients whom the company lets go"),
        ground=LegalGround.PARTNER_EXIT,
        source="CSP R4127-262, R4127-264; RGPD art. 4(7)",
    ),
    SituationCode.CESSATION_TO_SUCCESSOR: _all_taken_over(
        words=mark("a practitioner stops, and a successor takes over"),
        ground=LegalGround.SUCCESSION,
        source="CSP R4127-264, L4113-15; RGPD art. 4(7)",
        leaver=True,
    ),
    SituationCode.CESSATION_TO_ARCHIVE: HandoverSituation(
        words=mark("a practitioner stops without a successor, and an archive company keeps the dossiers"),
        ground=LegalGround.CESSATION,
        source="CSP L1111-8, L4113-15, R1112-7",
        copy_left=CopyLeft.UNTIL_RECEIPT,
        documents=_LETTERS,
        by_year=True,
        leaver=True,
    ),
    SituationCode.REPLACEMENT_END: HandoverSituation(
        words=mark("a replacement ends, and everything useful goes back"),
        ground=LegalGround.REPLACEMENT_END,
        source="CSP R4127-275",
        controller=Controller.RECEIVER,
        inclusion=Inclusion.EITHER,
        copy_left=CopyLeft.UNTIL_RECEIPT,
        left_out=_STAYS,
    ),
    SituationCode.MERGER: _all_taken_over(
        words=mark("two practices become one"),
        ground=LegalGround.MERGER,
        source="RGPD art. 4(7)",
        documents=("slip", "attestation", "patients-letter", "order-notice"),
    ),
    SituationCode.REQUISITION: _delivered_to_a_person(
        words=mark("a magistrate, or the police for one, requires dossiers"),
        ground=LegalGround.REQUISITION,
        source="CPP 60-1, 77-1-1, 99-3",
        inclusion=Inclusion.ROSTER,
        left_out=_STAYS | {"patients": OmissionReason.NOT_REQUIRED},
    ),
    SituationCode.ARCHIVE: HandoverSituation(
        words=mark("a copy is kept for as long as the law asks, with an archive company or at hand"),
        ground=LegalGround.ARCHIVE_DEPOSIT,
        source="CSP L1111-8, R1112-7",
        inclusion=Inclusion.EITHER,
        acknowledgement=Acknowledgement.DELIVERY,
        left_out=_STAYS,
        by_year=True,
    ),
    SituationCode.ORPHAN: _delivered_to_a_person(
        words=mark(
            "a practice is without practitioner, and a liquidator or an heir answers claims for dossiers"
        ),
        ground=LegalGround.CESSATION,
        source="CSP L1111-7, L1111-8, R1112-7",
        inclusion=Inclusion.EACH,
        copy_left=CopyLeft.UNTIL_CLAIMED,
        left_out={"patients": OmissionReason.ONE_EACH, "practice_rows": OmissionReason.NO_PATIENT},
    ),
    SituationCode.CESSATION_TO_PATIENTS: _delivered_to_a_person(
        words=mark("a practitioner stops, and each patient takes their own dossier along"),
        ground=LegalGround.CESSATION,
        source="CSP L1110-4, L1111-7, R1112-7",
        inclusion=Inclusion.EACH,
        left_out=_STAYS | {"patients": OmissionReason.ONE_EACH},
        documents=("patients-letter", "order-notice", "ars-notice"),
        to_patients=True,
    ),
    SituationCode.PATIENT: _delivered_to_a_person(
        words=mark(
            "a patient gets their dossier, or an heir, a representative or a colleague who asks for it"
        ),
        ground=LegalGround.PATIENT_REQUEST,
        source="CSP L1110-4, L1111-7, R1111-1 – R1111-7",
        inclusion=Inclusion.REQUEST,
        left_out=_STAYS | {"patients": OmissionReason.NOT_ASKED_FOR},
        to_patients=True,
    ),
}
PART = "part"
"""In place of a situation: a part of a package that was split; each receiver has a key, and imports it."""
_GROUNDS_OF_DELIVERY = frozenset(
    {LegalGround.PATIENT_REQUEST, LegalGround.REQUISITION, LegalGround.ARCHIVE_DEPOSIT}
)


def acknowledgement_of(situation: str, ground: str) -> Acknowledgement:
    """Return how the sender learns that a package arrived, by its situation, or without one by its legal ground."""
    if situation in set(SituationCode):
        return SITUATIONS[SituationCode(situation)].acknowledgement
    if situation == PART:
        return Acknowledgement.RECEIPT
    return Acknowledgement.DELIVERY if ground in _GROUNDS_OF_DELIVERY else Acknowledgement.RECEIPT
