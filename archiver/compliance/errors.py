"""What the law, or the order of its steps, does not allow yet."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class IdentityUnchecked(Failure):
    code = "identity-unchecked"
    sentence = mark(
        "Nobody has checked who asks (CSP R1111-1): write down how it was done, with archiver request identity."
    )


class RequestTooEarly(Failure):
    code = "request-too-early"
    sentence = mark(
        "The 48 hours of reflection (CSP L1111-7) end on {until}: hand the dossier over after that."
    )


class RequestClosed(Failure):
    code = "request-closed"
    sentence = mark("Request {number} is closed; archiver request reopen opens it again.")


class RequestUnwritten(Failure):
    code = "request-unwritten"
    sentence = mark("Nothing was written yet for request {number}: archiver request fulfil comes first.")


class PurposeMissing(Failure):
    code = "purpose-missing"
    sentence = mark(
        "An heir gets what serves one of three purposes (CSP L1110-4 V): say which with --purpose."
    )


class ScopeMissing(Failure):
    code = "scope-missing"
    sentence = mark(
        "An heir gets no more than the purpose needs: name the kinds of record with --only, or say --whole."
    )


class RecordUnknown(Failure):
    code = "record-unknown"
    sentence = mark("The dossier has no record {record}.")


class BreachClosed(Failure):
    code = "breach-closed"
    sentence = mark("Data breach {number} is closed; archiver breach reopen opens it again.")


class BreachUnassessed(Failure):
    code = "breach-unassessed"
    sentence = mark("Nobody has assessed the risk of data breach {number}: archiver breach update --risk.")


class BreachUnnotified(Failure):
    code = "breach-unnotified"
    sentence = mark(
        "The CNIL was not notified of data breach {number} (GDPR article 33): archiver breach notify."
    )


class PersonsUninformed(Failure):
    code = "persons-uninformed"
    sentence = mark(
        "The risk is high, and the persons were not told (GDPR article 34): archiver breach inform, or --not-because."
    )


class DelayUnexplained(Failure):
    code = "delay-unexplained"
    sentence = mark("The 72 hours ended on {until}: say with --delay why it was notified later.")
