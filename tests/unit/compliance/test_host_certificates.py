"""HDS certificates: missing, over, soon over; and those of the receiver of a package."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from archiver.compliance.host_certificates import certificate_findings, receiver_findings
from archiver.practice.registers.hosts import Host

TODAY = date(2026, 11, 29)
HOST = replace(
    Host(**{one.name: "" for one in fields(Host)} | {"id": 1, "name": "Val de Loire Archives"}),
    certificate="HDS-1",
    certified_until="2028-01-01",
    scope="1 à 6",
)


@pytest.mark.parametrize(
    ("certificate", "until", "codes"),
    [
        ("HDS-1", "2028-01-01", []),
        ("HDS-1", "2027-02-28", []),
        ("HDS-1", "2027-02-27", ["host-certificate-ending"]),
        ("HDS-1", "2026-11-29", ["host-certificate-ending"]),  # its last day
        ("HDS-1", "2026-11-28", ["host-certificate-ended"]),
        ("", "2028-01-01", ["host-uncertified"]),
        ("HDS-1", "", ["host-uncertified"]),
    ],
)
def test_a_certificate_is_judged_by_its_last_day(certificate: str, until: str, codes: list[str]) -> None:
    host = replace(HOST, certificate=certificate, certified_until=until)
    assert [one.code for one in certificate_findings(host, TODAY)] == codes


@pytest.mark.parametrize(
    ("receiver", "deposit", "codes"),
    [
        ("VAL DE LOIRE  Archivés", False, ["host-certified"]),
        ("Val de Loire Archives", True, ["host-certified"]),
        ("Cabinet du Vieux Pressoir", False, []),
        ("", False, []),
        ("Somebody", True, ["host-unregistered"]),
        ("", True, ["host-unregistered"]),
    ],
)
def test_what_is_known_of_a_host_is_said_where_a_package_goes_to_one(
    receiver: str, deposit: bool, codes: list[str]
) -> None:
    assert [one.code for one in receiver_findings([HOST], receiver, deposit=deposit, today=TODAY)] == codes


def test_a_certificate_that_is_over_is_said_instead_of_shown() -> None:
    over = replace(HOST, certified_until="2026-01-01")
    (found,) = receiver_findings([over], HOST.name, deposit=True, today=TODAY)
    assert found.code == "host-certificate-ended" and "2026-01-01" in found.text
