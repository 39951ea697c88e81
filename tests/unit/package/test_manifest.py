import json
from dataclasses import replace
from datetime import date

import pytest

from archiver.package.errors import ManifestInvalid
from archiver.package.layout import unit_member
from archiver.package.manifests.manifest import (
    Manifest,
    SourcePackage,
    StatedSignature,
    Volume,
    write_manifest,
)
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.package.manifests.unit_table import Unit, UnitTable
from formats.digests import Digest
from tests.packages import handover, units

SIGNATURE = StatedSignature(certificate="6" * 64, timestamp=True, revocation=False)
SET = {"id": "urn:test:set", "volume": 2, "of": 3, "retention_year": None}


def manifest():
    listed = tuple(
        Unit(
            id=unit_id,
            member=unit_member(unit_id),
            size=len(sealed),
            digest=Digest.from_hex("0" * 64),
            destroy_from=date(2040 + number, 1, 1) if number else None,
            hold=number == 1,
        )
        for number, (unit_id, sealed) in enumerate(units(4))
    )
    return Manifest(
        package_id="p-1",
        handover=handover(patients=3),
        keyrings=("keyring.age",),
        units=UnitTable(listed),
        signatures=(SIGNATURE,),
    )


def text(of=None):
    return b"".join(write_manifest(of or manifest()))


def test_what_is_written_is_read():
    assert read_manifest(text()) == manifest()
    assert b"".join(write_manifest(read_manifest(text()))) == text()


def test_a_package_of_the_practice_alone_and_without_receiver():
    nobody = replace(handover(patients=0), receiver=None, controller_after=None)
    alone = replace(manifest(), units=UnitTable(manifest().units[:1]), handover=nobody)
    assert read_manifest(text(alone)) == alone


def test_one_unit_a_line():
    lines = [line for line in text().splitlines() if b'"member"' in line]
    assert len(lines) == 4
    assert all(json.loads(line.rstrip(b","))["sha256"] for line in lines)


def test_what_nobody_knows_yet_survives():
    document = json.loads(text())
    document["later"] = {"a": [1, None]}
    document["units"][2]["later"] = "b"
    document["sender"]["later"] = "c"
    document["sender"]["identifiers"][0]["later"] = "d"
    document["scope"]["later"] = 2.5
    document["set"] = {**SET, "later": []}
    document["signatures"][0]["later"] = "e"
    document["patients_commitment"]["later"] = "f"
    read = read_manifest(json.dumps(document).encode())
    assert json.loads(text(read)) == document


def changed(path, value):
    document = json.loads(text())
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize("key", sorted(json.loads(text())))
def test_every_key_must_be_there_and_of_its_type(key):
    for value in (..., 3.5, True, [None], {"x": "y"}, ""):
        with pytest.raises(ManifestInvalid):
            read_manifest(changed([key], value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], "2"),
        (["created"], "2026-03-01T09:30:00"),
        (["created"], "yesterday"),
        (["package"], "../x"),
        (["counts", "patients"], -1),
        (["counts", "patients"], 2**53),
        (["counts", "Jeanne Exemple"], 1),
        (["scope", "left_out"], {"patients": "many"}),
        (["sender"], None),
        (["controller_before"], None),
        (["keyrings"], []),
        (["keyrings"], ["keyring.age", "keyring.age"]),
        (["keyrings"], ["keyring-b.age"]),
        (["keyrings"], ["../keyring.age"]),
        (["keyring_commitment"], "0" * 127),
        (["patients_commitment", "root"], "A" * 64),
        (["patients_commitment", "root"], "0" * 128),
        (["patients_commitment", "size"], 2),
        (["patients_commitment", "size"], 4),
        (["patients_commitment", "size"], "3"),
        (["signatures"], []),
        (["signatures", 0, "certificate"], "A" * 64),
        (["signatures", 0, "timestamp"], ...),
        (["signatures", 0, "timestamp"], None),
        (["signatures", 0, "revocation"], 1),
        (["units", 0, "id"], "x"),
        (["units", 0, "member"], "units/other.zip"),
        (["units", 0, "size"], 1.0),
        (["units", 0, "size"], True),
        (["units", 0, "sha256"], "A" * 64),
        (["units", 0], None),
        (["units", 0, "destroy_from"], ...),
        (["units", 0, "destroy_from"], "2047"),
        (["units", 0, "destroy_from"], "2047-01-02"),
        (["units", 0, "destroy_from"], "0000-01-01"),
        (["units", 0, "destroy_from"], "2047-01-01T00:00"),
        (["units", 0, "destroy_from"], 2047),
        (["units", 0, "hold"], ...),
        (["units", 0, "hold"], 1),
        (["units", 0, "hold"], None),
        (["set"], ...),
        (["set"], {**SET, "id": "../x"}),
        (["set"], {**SET, "id": 7}),
        (["set"], {**SET, "volume": 0}),
        (["set"], {**SET, "volume": 4}),
        (["set"], {**SET, "volume": True}),
        (["set"], {**SET, "of": 1, "volume": 1}),
        (["set"], {**SET, "of": 501}),
        (["set"], {**SET, "retention_year": 0}),
        (["set"], {**SET, "retention_year": 9999}),
        (["set"], {**SET, "retention_year": "2046"}),
        (["set"], {"id": "urn:test:set", "volume": 1, "of": 3}),
    ],
)
def test_what_is_out_of_form_is_refused(path, value):
    with pytest.raises(ManifestInvalid) as refusal:
        read_manifest(changed(path, value))
    assert refusal.value.facts["reason"]
    assert str(path[0]) in refusal.value.where


def volume(year, *terms):
    """Return a volume of the year ``year`` whose units have ``terms``."""
    place = Volume(set_id="urn:test:set", volume=2, of=3, retention_year=year)
    whole = manifest()
    listed = tuple(replace(unit, destroy_from=term) for unit, term in zip(whole.units, terms, strict=False))
    patients = replace(whole.handover.patients_commitment, size=len(listed) - 1)
    facts = replace(whole.handover, volume=place, patients_commitment=patients)
    return replace(whole, handover=facts, units=UnitTable(listed))


def test_a_volume_says_which_it_is_of_which_set():
    for one in (volume(None, None, date(2041, 1, 1)), volume(2046, date(2047, 1, 1), date(2047, 1, 1))):
        assert read_manifest(text(one)) == one
    document = json.loads(text(volume(2046, date(2047, 1, 1))))
    assert document["set"] == {**SET, "retention_year": 2046}
    assert json.loads(text())["set"] is None


@pytest.mark.parametrize("other", [None, date(2046, 1, 1), date(2048, 1, 1)])
def test_a_volume_of_one_year_holds_no_unit_of_another(other):
    with pytest.raises(ManifestInvalid, match="year of its volume") as refusal:
        read_manifest(text(volume(2046, date(2047, 1, 1), other)))
    assert refusal.value.where == "manifest.json units[1].destroy_from"


def test_a_unit_listed_twice_is_refused():
    document = json.loads(text())
    document["units"].append(document["units"][0])
    with pytest.raises(ManifestInvalid, match="twice"):
        read_manifest(json.dumps(document).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf" + text(),
        text()[:-3],
        text().replace(b'"format": "1"', b'"format": "1", "format": "1"'),
        text().replace(b'"patients": 3', b'"patients": NaN'),
        text().replace(b'"patients": 3', b'"patients": ' + b"9" * 5000),
        text().replace("Élève".encode(), b"\xff"),
        text().replace("Élève".encode(), b"\\ud800"),
        b"[" * 100_000,
        b"null",
        b"[]",
    ],
)
def test_what_is_no_plain_json_is_refused(data):
    with pytest.raises(ManifestInvalid):
        read_manifest(data)


def test_the_schema_names_the_same_keys():
    from importlib.resources import files

    schema = json.loads(files("archiver.package").joinpath("manifest.schema.json").read_text("utf-8"))
    later = replace(manifest(), revision=2, replaces=Digest.of(), revision_mac="1" * 64)
    assert set(schema["required"]) == set(json.loads(text()))
    source = SourcePackage(package_id="urn:test:0", manifest_digest=Digest.of(b"0"))
    later = replace(later, handover=replace(later.handover, sources=(source,)))
    assert set(schema["properties"]) == set(json.loads(text(later)))
    assert set(schema["$defs"]["signature"]["required"]) == set(json.loads(text())["signatures"][0])
    assert set(schema["$defs"]["unit"]["required"]) == set(json.loads(text())["units"][0])
    assert set(schema["$defs"]["volume"]["required"]) == set(SET)


def test_a_later_revision_names_the_one_before():
    later = replace(manifest(), revision=2, replaces=Digest.of(), revision_mac="cd" * 32)
    assert read_manifest(text(later)) == later
    assert b'"revision"' not in text() and b'"replaces"' not in text()


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ({"revision": 2}, "replaces"),
        ({"replaces": "ab" * 32}, "revision"),
        ({"revision_mac": "ab" * 32}, "revision"),
        ({"revision": 2, "replaces": "ab" * 32}, "revision_mac"),
        ({"revision": 2, "replaces": "ab" * 32, "revision_mac": "AB" * 32}, "revision_mac"),
        ({"revision": 1, "replaces": "ab" * 32}, "revision"),
        ({"revision": 1000, "replaces": "ab" * 32}, "revision"),
        ({"revision": "2", "replaces": "ab" * 32}, "revision"),
        ({"revision": 2, "replaces": "AB" * 32}, "replaces"),
    ],
)
def test_half_a_revision_is_refused(part, key):
    whole = {**json.loads(text()), **part}
    with pytest.raises(ManifestInvalid) as refusal:
        read_manifest(json.dumps(whole).encode())
    assert refusal.value.where == f"manifest.json {key}"
