"""The name of a readable copy follows the rule of the guide, and says the same when it is read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from formats.cda.writer.kinds import KINDS, SUMMARY
from formats.cda.writer.values import CdaCode
from formats.model.identity import Traits
from formats.paths import safe_path
from formats.pdlgc.profile import MAX_TWIN_TYPE, TWINS
from formats.pdlgc.subset.documents import SubsetDocument
from formats.pdlgc.subset.twin_names import twin_name
from formats.portability.pdfs import pdf_name

TRAITS = Traits(birth_family_name="Müller-d'Anjou", birth_given_names=("Zoé",), used_family_name="Durand")


def document(kind: CdaCode = SUMMARY.type, number: int = 1, start: str = "20260310091500") -> SubsetDocument:
    return SubsetDocument(
        place=f"IHE_XDM/SUBSET01/DOC{number:05}.PDF",
        number=number,
        type=kind,
        service_start=start,
        title="",
        media_type="application/pdf",
    )


@pytest.mark.parametrize(
    ("kind", "traits", "name"),
    [
        (SUMMARY.type, TRAITS, "20260310_Synthèse_MÜLLER-D'ANJOU_Zoé_DOC00001.pdf"),
        (
            KINDS["52040-3"].type,
            Traits(used_family_name="Le Goff", used_given_name="A_b"),
            "20260310_Document encapsulant une image d'illustr_LE GOFF_A-b_DOC00001.pdf",
        ),
        (KINDS["18748-4"].type, Traits(), "20260310_CR d'imagerie médicale_INCONNU_INCONNU_DOC00001.pdf"),
        (
            CdaCode(oid="1.2", code="X", label="a/b:c"),
            Traits(birth_family_name="Straße.", birth_given_names=("", "J.-P.")),
            "20260310_a-b-c_STRASSE-_J--P-_DOC00001.pdf",
        ),
    ],
)
def test_a_name_says_day_type_person_and_number(kind: CdaCode, traits: Traits, name: str) -> None:
    assert twin_name(document(kind), traits) == f"{TWINS}/{name}"


@pytest.mark.parametrize(("start", "day"), [("202603", "20260300"), ("2026", "20260000"), ("", "00000000")])
def test_what_is_not_known_of_a_day_is_zero(start: str, day: str) -> None:
    assert twin_name(document(start=start), TRAITS).startswith(f"{TWINS}/{day}_")


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=60), st.integers(1, 99_999))
def test_every_name_is_safe_and_is_read_back(family: str, given_name: str, label: str, number: int) -> None:
    traits = Traits(birth_family_name=family, birth_given_names=(given_name,))
    name = twin_name(document(CdaCode(oid="1.2", code="X", label=label), number), traits)
    assert safe_path(name)
    assert unicodedata.is_normalized("NFC", name)
    folder, base = name.split("/")
    assert folder == TWINS
    assert len(base.encode()) <= 255
    stated = pdf_name(base)
    assert (stated.date, stated.number) == ("20260310", f"DOC{number:05}")
    assert len(stated.type) <= MAX_TWIN_TYPE
    assert f"{stated.date}_{stated.type}_{stated.family}_{stated.given}_{stated.number}.pdf" == base


def test_two_documents_of_one_day_and_type_have_two_names() -> None:
    assert twin_name(document(number=1), TRAITS) != twin_name(document(number=2), TRAITS)
