"""What a thing says, what the bridge file of its folder says, and when a person decides between both."""

from __future__ import annotations

from datetime import date

import pytest

from archiver.ingest.attribution import AttributionState, Attributor, KnownPatient
from archiver.operations.collecting.bridged_claims import DIFFER, BridgedClaim, attribute_bridged
from formats.dicom.study import ImagedPatient

BORN = date(1955, 11, 23)
KNOWN = (
    KnownPatient(
        id="zoe",
        numbers=frozenset({"45"}),
        family_names=("Évrard",),
        given_names=("Zoé",),
        birth_date=BORN,
    ),
    KnownPatient(
        id="luc",
        numbers=frozenset({"46"}),
        family_names=("Noël",),
        given_names=("Luc",),
        birth_date=date(1960, 1, 1),
    ),
)
NOTHING = ImagedPatient()
ZOE = ImagedPatient(family="ÉVRARD", given="Zoé", birth_date=BORN)
LUC = ImagedPatient(number="46", family="Noël", given="Luc", birth_date=date(1960, 1, 1))
NAMESAKE = ImagedPatient(family="Évrard", given="Zoé")
DURAND = ImagedPatient(family="Durand", given="Paul", birth_date=date(1970, 1, 1))


@pytest.mark.parametrize(
    ("own", "stated", "doubt", "patient", "candidates"),
    [
        (NOTHING, ZOE, "", "zoe", ()),
        (NOTHING, ZOE, "a doubt", None, ("zoe",)),
        (NOTHING, DURAND, "", None, ()),
        (NOTHING, NAMESAKE, "", None, ("zoe",)),
        (ZOE, LUC, "", None, ("zoe", "luc")),
        (ZOE, LUC, "a doubt", "zoe", ()),
        (ZOE, DURAND, "", "zoe", ()),
        (NAMESAKE, ZOE, "", "zoe", ()),
        (DURAND, ZOE, "", None, ("zoe",)),
        (NAMESAKE, LUC, "", None, ("zoe", "luc")),
        (ImagedPatient(number="777"), LUC, "", None, ("luc",)),
        (ImagedPatient(birth_date=date(1960, 1, 2)), LUC, "", None, ("luc",)),
    ],
)
def test_the_image_first_then_the_bridge_and_a_person_where_they_differ(
    own: ImagedPatient, stated: ImagedPatient, doubt: str, patient: str | None, candidates: tuple[str, ...]
) -> None:
    bridge = BridgedClaim(key="a/FILEDATA.txt", claim=stated, doubt=doubt)
    found = attribute_bridged(Attributor(KNOWN), own, bridge)
    assert found.patient == patient
    if patient is None:
        assert found.candidates == candidates
        assert found.state in {AttributionState.AMBIGUOUS, AttributionState.UNMATCHED}


def test_the_reason_names_the_evidence() -> None:
    attributor = Attributor(KNOWN)
    by_name = attribute_bridged(attributor, NOTHING, BridgedClaim(key="k", claim=ZOE))
    assert by_name.state is AttributionState.MATCHED_BY_NAME
    assert "bridge file" in by_name.reason
    by_number = attribute_bridged(attributor, NOTHING, BridgedClaim(key="k", claim=LUC))
    assert by_number.state is AttributionState.MATCHED_BY_NUMBER
    assert "bridge file" in by_number.reason
    assert attribute_bridged(attributor, ZOE, BridgedClaim(key="k", claim=LUC)).reason == DIFFER
    assert attribute_bridged(attributor, ZOE, None).patient == "zoe"


def test_the_number_of_a_foreign_issuer_is_not_that_of_the_practice() -> None:
    """Neither in the image nor through the folder of another number does number 46 of elsewhere become ours."""
    attributor = Attributor(KNOWN, ["Cabinet"])
    foreign = ImagedPatient(number="46", issuer="Clinique d'ailleurs")
    assert attribute_bridged(attributor, foreign, None).patient is None
    found = attribute_bridged(attributor, foreign, BridgedClaim(key="k", claim=ZOE))
    assert found.patient == "zoe"
