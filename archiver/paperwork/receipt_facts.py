"""Facts of a receipt as a document, from the receipt itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from archiver.handover.kinds import kind_words, kinds_in_order
from archiver.handover.missing_lines import count_records
from archiver.handover.receipt_reading import ReceiptLine, ReturnedReceipt
from archiver.paperwork.reception import (
    ComparedCountData,
    ReceiptData,
    ReceivedDossierData,
    StateCountData,
)
from archiver.paperwork.terms_facts import agreement_data, terms_data
from archiver.paperwork.transfer import CodeData, PartyData, SignerData
from archiver.practice.registers.dossier_states import STATE_WORDS, DossierState
from archiver.scope.handover_terms import HandoverTerm
from archiver.scope.legal_ground import ground_words
from formats.digests import SHA256, Digest
from formats.model.missing import SUMS
from formats.words import mark

LEFT_ASIDE_REMARK = mark("The receiver left it aside on purpose; nothing of it came in.")
PARTIAL_REMARK = mark("The receiver left some of its records or files aside on purpose.")
UNREAD_REMARK = mark("An allergy could not be read, and nobody has looked at it yet.")
REFUSED_REMARK = mark("It could not be read; nothing of it came in.")
WAITING_REMARK = mark("A person must still say who it is.")

_REMARKS = {
    DossierState.REFUSED: REFUSED_REMARK,
    DossierState.LEFT_ASIDE: LEFT_ASIDE_REMARK,
    DossierState.WAITING: WAITING_REMARK,
}


def receipt_data(receipt: ReturnedReceipt, made: datetime) -> ReceiptData:
    """Return the facts of ``receipt``; moments are those of its own zone."""
    facts = receipt.facts
    digest = str(facts["signed_list_sha256"])
    received = datetime.fromisoformat(facts["received_at"])
    signer, compared = facts["signer"], receipt.counts
    return ReceiptData(
        made=made.astimezone(received.tzinfo),
        identifier=receipt.package,
        revision=facts["revision"],
        signed_list=Digest(SHA256, bytes.fromhex(digest)) if digest else None,
        created=datetime.fromisoformat(facts["created"]).astimezone(received.tzinfo),
        received=received,
        ground=CodeData(code=facts["legal_ground"], words=ground_words(facts["legal_ground"])),
        sender=PartyData(name=facts["sender"]),
        receiver=PartyData(name=facts["receiver"]) if facts["receiver"] else None,
        signers=(SignerData(name=str(signer["name"]), fingerprint=str(signer["fingerprint"])),),
        terms=tuple(terms_data(_known(facts["terms"]))),
        agreement=agreement_data(receipt.agreement, received.tzinfo) if receipt.agreement else None,
        complete=facts["complete"],
        done=facts["done"],
        states=tuple(_states(facts["states"])),
        counts=tuple(
            ComparedCountData(
                kind=CodeData(code=kind, words=kind_words(kind)),
                announced=compared[kind]["announced"],
                found=compared[kind]["found"],
                left_aside=compared[kind]["left_aside"],
                money=kind in SUMS,
            )
            for kind in kinds_in_order(compared)
            if compared[kind]["announced"] or compared[kind]["found"]
        ),
        dossiers=tuple(_dossier(one) for one in receipt.lines if one.traits),
    )


def _known(terms: Mapping[str, str]) -> Mapping[HandoverTerm, str]:
    """Return the terms whose codes this version knows."""
    return {term: terms[term.value] for term in HandoverTerm if term.value in terms}


def _states(states: Mapping[str, int]) -> Iterator[StateCountData]:
    for state in reversed(DossierState):
        if states.get(state):
            yield StateCountData(state=_state(state), count=states[state])


def _state(state: DossierState) -> CodeData:
    return CodeData(code=state.value, words=STATE_WORDS[state])


def _dossier(line: ReceiptLine) -> ReceivedDossierData:
    files = line.counts.get("files", 0)
    state = DossierState(line.state)
    return ReceivedDossierData(
        number=line.traits.get("number", ""),
        name=" ".join(filter(None, (line.traits.get(one, "") for one in ("family", "given")))),
        birth_date=line.traits.get("birth_date", ""),
        state=_state(state),
        records=count_records(line.counts) - files,
        files=files,
        remark=_remark(line, state),
    )


def _remark(line: ReceiptLine, state: DossierState) -> str:
    if line.unread_allergies:
        return UNREAD_REMARK
    if line.left_aside and state is not DossierState.LEFT_ASIDE:
        return PARTIAL_REMARK
    return _REMARKS.get(state, "")
