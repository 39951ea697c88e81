"""Situations of an export: the table is whole, and every value has words in both languages."""

from __future__ import annotations

import pytest

from archiver.paperwork.documents import DOCUMENT_WORDS, TransferDocument
from archiver.scope.handover_terms import TERM_WORDS, VALUE_WORDS, HandoverTerm, situation_terms, term_rows
from archiver.scope.legal_ground import ASKED_SIGNATURES, GROUND_WORDS, LegalGround
from archiver.scope.situations import SITUATIONS, Controller, Inclusion, SituationCode
from formats.words import catalogue

SAME_IN_BOTH = {"situation"}


def test_every_situation_and_every_ground_is_described() -> None:
    assert set(SITUATIONS) == set(SituationCode)
    assert set(ASKED_SIGNATURES) == set(GROUND_WORDS) == set(LegalGround)
    assert set(TERM_WORDS) == set(HandoverTerm)


def test_every_word_is_french_too() -> None:
    french = catalogue("archiver", "fr")
    words = [*TERM_WORDS.values(), *DOCUMENT_WORDS.values()]
    words += [one for values in VALUE_WORDS.values() for one in values.values()]
    assert len(words) > 30
    assert {one for one in words if french.gettext(one) == one} == SAME_IN_BOTH


@pytest.mark.parametrize("code", SituationCode)
def test_a_situation_is_whole(code: SituationCode) -> None:
    one = SITUATIONS[code]
    assert one.source, "where its rules stand"
    assert set(one.documents) <= {document.value for document in TransferDocument}
    somebody_stays = one.inclusion is not Inclusion.EVERYBODY
    assert bool(one.left_out) == somebody_stays, "what stays, with its reason"


@pytest.mark.parametrize("code", SituationCode)
def test_who_shares_patients_asks_for_both_signatures(code: SituationCode) -> None:
    one = SITUATIONS[code]
    if one.controller is Controller.EACH:
        assert ASKED_SIGNATURES[one.ground].count == 2


def test_the_terms_of_a_situation_say_their_meaning_in_both_languages() -> None:
    rows = {row.term: row for row in term_rows(situation_terms(SituationCode.SHARE_SALE, everybody=True))}
    assert set(rows) == {"situation", "source", "controller", "inclusion", "copy-left"}
    assert rows["controller"].value == "unchanged"
    assert rows["controller"].meaning_fr.endswith("\u00a0: le responsable du traitement reste le même")
    assert rows["controller"].meaning_en.endswith(": the controller stays the same")


def test_nothing_is_left_out_where_everybody_is_taken() -> None:
    some = situation_terms(SituationCode.ARCHIVE, everybody=False)
    everybody = situation_terms(SituationCode.ARCHIVE, everybody=True)
    left_out = {HandoverTerm.PATIENTS_LEFT_OUT, HandoverTerm.ROWS_LEFT_OUT}
    assert set(some) - set(everybody) == left_out
