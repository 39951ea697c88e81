"""What revocation sources may say: late ones, those whose author knows nothing, and both forms inside tokens."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from archiver.signing.revocation.sources import Sources
from archiver.signing.revocation.supplied import SourceUse, SuppliedSources
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Revocation, State
from tests.vectors.generator import cms, people, responses
from tests.vectors.generator.der import general_time
from tests.vectors.generator.flawed_tokens import basic, response as enclosed
from tests.vectors.generator.people import SIGNED

DATA = b"<the list/>"
ROOTS = (people.root().der,)
ENDED = SIGNED + timedelta(days=30)
LATE = SIGNED + timedelta(days=400)
BEFORE, AFTER = ENDED - timedelta(days=1), ENDED + timedelta(days=1)


def brief():
    """Somebody whose certificate ends a month after they signed."""
    return people.person("Dr Bref", issuer=people.root(), end=ENDED)


def asked(signature, at=SIGNED, **kinds):
    return answer_signature(signature, DATA, Trust(at=at, roots=ROOTS, tsa_roots=ROOTS, **kinds), where="s")


def listed(*, keeps=None, revokes=()):
    """Return a list published long after ``brief`` ended; it may say since when it ``keeps`` such ones."""
    extensions = (
        [x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.60"), general_time(keeps))] if keeps else []
    )
    return people.revocation_list(*revokes, issued=LATE, ends=people.END, since=SIGNED, extensions=extensions)


def judged(source, *, inside):
    """Return what is said of ``brief``, who signed in time, when the ``source`` came along or the reader has it."""
    is_list = source in LISTS
    if inside:
        options = {"crls": [source]} if is_list else {"crls": [enclosed(source)], "version": 5}
        return asked(cms.signature(DATA, by=brief(), **options), LATE), None
    sources = Sources(lists=(source,)) if is_list else Sources(responses=(source,))
    supplied = SuppliedSources(sources=sources)
    return asked(cms.signature(DATA, by=brief()), LATE, supplied=supplied), supplied


LISTS = [listed(), listed(keeps=BEFORE), listed(keeps=AFTER), listed(revokes=[brief()])]
RESPONSES = [
    responses.response(brief(), at=LATE),
    responses.response(brief(), at=LATE, extensions=[responses.archive_cutoff(BEFORE)]),
    responses.response(brief(), at=LATE, extensions=[responses.archive_cutoff(AFTER)]),
    responses.response(brief(), at=LATE, extensions=[responses.cert_hash(brief())]),
    responses.response(brief(), at=LATE, extensions=[responses.cert_hash(people.signer())]),
]


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    ("source", "speaks"),
    [
        *zip(LISTS[:3], (False, True, False), strict=True),
        *zip(RESPONSES, (False, True, False, True, False), strict=True),
    ],
)
def test_a_late_source_tells_of_what_had_ended_only_where_it_says_so(source, speaks, inside):
    answers, supplied = judged(source, inside=inside)
    # the time-stamp proves that it was signed before the end: nothing is worse for the silence of the source
    assert (answers.trusted.state, answers.trusted.code) == (State.PROVEN, "accepted-named")
    assert answers.trusted.revocation is (Revocation.EXAMINED if speaks else Revocation.NOT_EXAMINED)
    if supplied and source in RESPONSES:  # the list speaks of the time-stamping authority as well
        assert supplied.heard[source] is (SourceUse.HEEDED if speaks else SourceUse.LATE)


@pytest.mark.parametrize("inside", [True, False])
def test_what_a_late_list_revokes_is_revoked(inside):
    answers, _ = judged(LISTS[3], inside=inside)
    assert (answers.trusted.state, answers.trusted.code) == (State.UNKNOWN, "certificate-revoked")


@pytest.mark.parametrize("beside", [[], [people.revocation_list()]])
def test_unknown_stays_unknown(beside):
    """Neither good nor revoked, whatever else says that it is good."""
    unknown = responses.response(people.signer(), status=responses.UNKNOWN)
    found = asked(cms.signature(DATA, crls=[*beside, enclosed(unknown)], version=5)).trusted
    assert (found.state, found.code) == (State.UNKNOWN, "revocation-unknown")
    supplied = SuppliedSources(sources=Sources(responses=(unknown,)))
    assert asked(cms.signature(DATA), supplied=supplied).trusted.code == "revocation-unknown"
    # what revokes says more
    revokes = people.revocation_list(people.signer())
    found = asked(cms.signature(DATA, crls=[revokes, enclosed(unknown)], version=5)).trusted
    assert found.code == "certificate-revoked"


@pytest.mark.parametrize("form", [enclosed, basic])
@pytest.mark.parametrize("version", [3, 5])
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (responses.GOOD, "timestamped"),
        (responses.UNKNOWN, "timestamp-revocation-unclear"),
        (None, "timestamp-authority-revoked"),
    ],
)
def test_both_forms_of_answers_inside_tokens(form, version, status, code):
    stamper = people.stamper()
    response_bytes = (
        responses.response(stamper, status=status)
        if status
        else people.ocsp_response(stamper, revoked=people.REVOKED)
    )
    answers = asked(cms.signature(DATA, stamping={"crls": [form(response_bytes)], "version": version}))
    assert answers.existed_at.code == code
    assert answers.existed_at.state is (State.PROVEN if code == "timestamped" else State.UNKNOWN)
    assert answers.existed_at.revocation is Revocation.EXAMINED
    assert answers.trusted.state is State.PROVEN


def test_that_nothing_was_examined_is_part_of_the_answer():
    answers = asked(cms.signature(DATA))
    assert [one.state for one in (answers.existed_at, answers.trusted)] == [State.PROVEN] * 2
    assert {one.revocation for one in (answers.existed_at, answers.trusted)} == {Revocation.NOT_EXAMINED}
    good = asked(cms.signature(DATA, crls=[people.revocation_list()]))
    assert (good.trusted.revocation, good.existed_at.revocation) == (Revocation.EXAMINED,) * 2
    assert asked(cms.signature(DATA, stamp=False)).existed_at.revocation is None


# -- times that contradict each other -----------------------------------------------------

BEGUN = SIGNED - timedelta(days=10)


@pytest.mark.parametrize(
    ("options", "other"),
    [
        ({"by": people.person("Dr Neuf", issuer=people.root(), begin=BEGUN)}, BEGUN),
        ({}, SIGNED),
    ],
)
def test_a_time_stamp_older_than_the_certificate_or_the_stated_time(options, other):
    older = BEGUN - timedelta(hours=1)
    answers = asked(cms.signature(DATA, stamping={"at": older}, **options))
    found = answers.existed_at
    assert (found.state, found.code) == (State.UNKNOWN, "times-contradict")
    assert found.indication.sub == "TIMESTAMP_ORDER_FAILURE"
    assert (found.facts["moment"], found.facts["other"]) == (older.isoformat(), other.isoformat())
    # no other answer is worse than without the time-stamp
    assert [one.state for one in (answers.signed_by, answers.trusted)] == [State.PROVEN] * 2


def test_two_clocks_are_no_contradiction():
    answers = asked(cms.signature(DATA, stamping={"at": SIGNED - timedelta(minutes=4)}))
    assert answers.existed_at.code == "timestamped"
    answers = asked(cms.signature(DATA, stamping={"at": SIGNED - timedelta(minutes=6)}))
    assert answers.existed_at.code == "times-contradict"


@pytest.mark.parametrize(
    ("moments", "code", "trusted"),
    [
        ([SIGNED - timedelta(days=1)], "times-contradict", "stamp-unproven"),
        ([SIGNED - timedelta(days=1), SIGNED + timedelta(days=2)], "times-contradict", "accepted-named"),
        ([SIGNED + timedelta(days=2)], "timestamped", "accepted-named"),
    ],
)
def test_evidence_older_than_what_it_covers(moments, code, trusted):
    """What contradicts nothing goes on proving what it does: here, that it is older than the certificate's end."""
    fallen = people.person("Horodatage Bref", issuer=people.root(), stamps=True, end=ENDED)
    signature = cms.signature(DATA, by=brief(), stamping={"by": fallen})
    trust = Trust(at=LATE, roots=ROOTS, tsa_roots=ROOTS)
    answers = answer_signature(signature, DATA, trust, where="s", proven_at=moments)
    assert (answers.existed_at.code, answers.trusted.code) == (code, trusted)


def test_evidence_older_than_a_proven_time_stamp():
    trust = Trust(at=datetime(2027, 1, 1, tzinfo=UTC), roots=ROOTS, tsa_roots=ROOTS)
    stamped = SIGNED + timedelta(hours=3)
    signature = cms.signature(DATA, stamping={"at": stamped})
    found = answer_signature(signature, DATA, trust, where="s", proven_at=[SIGNED + timedelta(hours=1)])
    assert (found.existed_at.code, found.trusted.code) == ("times-contradict", "accepted-named")
    assert found.existed_at.facts["other"] == stamped.isoformat()
