"""Who asks for a dossier, to what end, and how it is answered: the codes, and what each is called."""

from __future__ import annotations

from enum import StrEnum

from formats.words import mark


class Requester(StrEnum):
    """Who asks (CSP L1111-7, R1111-1, L1110-4 V)."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    HEIR = "heir"
    REPRESENTATIVE = "representative"
    COLLEAGUE = "colleague"


REQUESTER_WORDS = {
    Requester.PATIENT: mark("the patient"),
    Requester.GUARDIAN: mark("parent or guardian"),
    Requester.HEIR: mark("heir, spouse or partner of a patient who died"),
    Requester.REPRESENTATIVE: mark("representative with a written mandate"),
    Requester.COLLEAGUE: mark("practitioner whom the patient named"),
}


class HeirPurpose(StrEnum):
    """The three purposes for which an heir gets what serves them, unless the patient objected (CSP L1110-4 V)."""

    CAUSE_OF_DEATH = "cause-of-death"
    MEMORY = "memory"
    RIGHTS = "rights"


PURPOSE_WORDS = {
    HeirPurpose.CAUSE_OF_DEATH: mark("to know the causes of the death"),
    HeirPurpose.MEMORY: mark("to defend the memory of the deceased"),
    HeirPurpose.RIGHTS: mark("to assert their rights"),
}


class Conveyance(StrEnum):
    """How a dossier reaches whoever asked."""

    BY_HAND = "by-hand"
    REGISTERED_POST = "registered-post"
    SECURE_MESSAGING = "secure-messaging"
    ON_SITE = "on-site"
    OTHER = "other"


CONVEYANCE_WORDS = {
    Conveyance.BY_HAND: mark("by hand, against signature"),
    Conveyance.REGISTERED_POST: mark("registered letter with acknowledgement of receipt"),
    Conveyance.SECURE_MESSAGING: mark("secure health messaging"),
    Conveyance.ON_SITE: mark("read at the practice"),
    Conveyance.OTHER: mark("otherwise"),
}


class RequestEnd(StrEnum):
    """How a request ended."""

    FULFILMENT = "fulfilment"
    REFUSAL = "refusal"
    WITHDRAWAL = "withdrawal"
    OTHERWISE = "otherwise"


END_WORDS = {
    RequestEnd.FULFILMENT: mark("fulfilled"),
    RequestEnd.REFUSAL: mark("refused"),
    RequestEnd.WITHDRAWAL: mark("withdrawn by whoever asked"),
    RequestEnd.OTHERWISE: mark("answered otherwise"),
}


class Omission(StrEnum):
    """Why something of a dossier is not handed over."""

    THIRD_PARTY = "third-party"
    PERSONAL_NOTE = "personal-note"
    VERBATIM_ROW = "verbatim-row"
    PURPOSE = "purpose"
    CHOICE = "choice"
    GONE = "gone-from-source"
    TRACE = "access-trace"


OMISSION_WORDS = {
    Omission.THIRD_PARTY: mark("about somebody else (CSP L1111-7)"),
    Omission.PERSONAL_NOTE: mark("personal notes of the practitioner that did not serve care (CSP L1111-7)"),
    Omission.VERBATIM_ROW: mark(
        "rows of the program word for word, which may name others; what they say was read"
    ),
    Omission.PURPOSE: mark("of no use for the purpose of the request (CSP L1110-4)"),
    Omission.CHOICE: mark("left out by the practitioner, with a reason"),
    Omission.GONE: mark("the software of the practice did not have them any more"),
    Omission.TRACE: mark("traces of who opened or changed the dossier (PDLGC, July 2026, to be confirmed)"),
}
