"""The container that ties a set: what it says, and every way in which a set does not hold."""

import json
import os
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from archiver.examination.examine import examine_whole
from archiver.examination.first_use import FirstUse
from archiver.package import layout
from archiver.package.checks.check_set import examine_set, is_set
from archiver.package.checks.open import open_package
from archiver.package.contents import MAX_SET_FILE
from archiver.package.errors import ManifestInvalid, NotAPackage
from archiver.package.manifests.manifest import StatedSignature, Volume
from archiver.package.manifests.set_manifest import ListedVolume, write_set_manifest
from archiver.package.manifests.set_reading import read_set_manifest
from archiver.package.set_build import write_set
from archiver.signing.trust.anchors import Trust
from archiver.signing.trust.known_signers import read_known_signers
from archiver.verdict import State
from formats.digests import Digest
from tests.packages import SIGNED, package, set_manifest, signer, trust, unpacked, volume_set

SECOND = "Dr Paul Associé"


def volume(number, **facts):
    fields = {
        "file": f"p-{number:03}.asice",
        "package_id": f"urn:test:{number}",
        "size": 1000 + number,
        "manifest_digest": Digest.from_hex(f"{number:064x}"),
        "units": number,
    }
    return ListedVolume(**{**fields, **facts})


def manifest():
    return set_manifest(volume(1), volume(2, retention_year=2046, destroy_from=date(2047, 1, 1)))


def changed(path, value):
    document = json.loads(write_set_manifest(manifest()))
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(document).encode()


def test_what_is_written_is_read():
    stated = StatedSignature(certificate="0" * 64, timestamp=True, revocation=True, unknown={"later": 2})
    whole = replace(manifest(), signatures=(*manifest().signatures, stated), unknown={"later": [1]})
    whole = replace(whole, volumes=(replace(whole.volumes[0], unknown={"later": None}), *whole.volumes[1:]))
    assert read_set_manifest(write_set_manifest(whole)) == whole


@pytest.mark.parametrize("key", sorted(json.loads(write_set_manifest(manifest()))))
def test_every_key_must_be_there_and_of_its_type(key):
    for value in (..., 3.5, True, [None], {"x": "y"}, ""):
        with pytest.raises(ManifestInvalid):
            read_set_manifest(changed([key], value))


@pytest.mark.parametrize("key", sorted(json.loads(write_set_manifest(manifest()))["volumes"][0]))
def test_every_key_of_a_volume_must_be_there_and_of_its_type(key):
    for value in (..., 3.5, True, [None], {"x": "y"}, ""):
        with pytest.raises(ManifestInvalid):
            read_set_manifest(changed(["volumes", 0, key], value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], "2"),
        (["set"], "../x"),
        (["volumes"], []),
        (["volumes", 1], ...),
        (["volumes", 1, "file"], "P-001.ASICE"),
        (["volumes", 1, "file"], "../p-002.asice"),
        (["volumes", 1, "file"], "a/p-002.asice"),
        (["volumes", 1, "file"], "/p-002.asice"),
        (["volumes", 1, "file"], "C:p-002.asice"),
        (["volumes", 1, "file"], "NUL"),
        (["volumes", 1, "package"], "urn:test:1"),
        (["volumes", 1, "manifest_sha256"], "A" * 64),
        (["volumes", 1, "retention_year"], 9999),
        (["volumes", 1, "destroy_from"], "2047-01-02"),
    ],
)
def test_what_is_out_of_form_is_refused(path, value):
    with pytest.raises(ManifestInvalid) as refusal:
        read_set_manifest(changed(path, value))
    assert refusal.value.where.startswith(f"set.json {path[0]}")


def test_more_volumes_than_there_can_be():
    many = replace(manifest(), volumes=tuple(map(volume, range(1, 502))))
    with pytest.raises(ManifestInvalid, match="five hundred"):
        read_set_manifest(write_set_manifest(many))


def test_the_schema_names_the_same_keys():
    schema = json.loads(files("archiver.package").joinpath("set.schema.json").read_text("utf-8"))
    document = json.loads(write_set_manifest(manifest()))
    assert set(schema["properties"]) == set(document)
    assert set(schema["required"]) == set(document)
    assert set(schema["$defs"]["listed"]["required"]) == set(document["volumes"][0])


# -- the container ------------------------------------------------------------------------


def examined(path, accepted=None, register=None):
    first_use = FirstUse(register=register, clock=lambda: SIGNED) if register else None
    return examine_whole(path, accepted or trust(signer()), first_use)


def states(verdict):
    return [answer.state.value for _, answer in verdict.answers()]


GOOD = ["proven", "proven", "proven", "unknown", "proven"]


def test_a_good_set_is_proven_but_for_its_age(tmp_path):
    volume_list = volume_set(tmp_path)
    found = examined(volume_list)
    assert states(found.verdict) == GOOD and not found.verdict.findings
    assert [one.file for one in found.volumes] == ["p-001.asice", "p-002.asice", "p-003.asice"]
    assert all(states(one.verdict) == GOOD for one in found.volumes)
    assert found.volume_list == examine_set(volume_list, trust(signer())).manifest


def test_it_holds_unpacked_as_well(tmp_path):
    volume_list = volume_set(tmp_path)
    folder = unpacked(volume_list.read_bytes(), tmp_path / "tree")
    assert is_set(folder)
    assert states(examined(folder).verdict) == GOOD


def test_a_package_is_no_set_and_a_set_no_package(tmp_path):
    volume_list = volume_set(tmp_path)
    assert is_set(volume_list) and not is_set(tmp_path / "p-001.asice") and not is_set(tmp_path / "absent")
    with pytest.raises(NotAPackage, match="ties volumes"):
        open_package(volume_list, trust(signer()))


def test_two_sign_the_set_as_they_sign_its_volumes(tmp_path):
    volume_list = volume_set(tmp_path, co_signer=signer(SECOND))
    found = examined(volume_list, trust(signer(), signer(SECOND)))
    assert states(found.verdict) == GOOD
    assert found.verdict.signed_by.code == "signed-jointly"
    signers = [one.certificate for one in found.volume_list.signatures]
    assert signers == [signer().fingerprint, signer(SECOND).fingerprint]
    assert examined(volume_list).verdict.trusted.code == "co-signer-untrusted"


def without(volume_list, *names, **added):
    """Write the set again without members, or with others."""
    with zipfile.ZipFile(volume_list) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name not in names}
    folder = volume_list.parent / "tree"
    for name, data in {**members, **added}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("name", ["README.TXT", "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"])
def test_a_part_of_the_set_is_missing(tmp_path, name):
    found = examined(without(volume_set(tmp_path), name)).verdict
    assert found.refusal is not None and found.refusal.code == "member-missing"


def test_the_second_signature_is_missing(tmp_path):
    volume_list = volume_set(tmp_path, co_signer=signer(SECOND))
    found = examined(
        without(volume_list, "META-INF/ASiCManifest002.xml", "META-INF/signature002.p7s")
    ).verdict
    assert (found.complete.state, found.complete.code) == (State.REFUTED, "member-missing")


def test_a_part_too_much(tmp_path):
    found = examined(without(volume_set(tmp_path), **{"extra.txt": b"?"})).verdict
    assert (found.complete.state, found.complete.code) == (State.REFUTED, "member-unlisted")


def test_another_list_of_volumes_is_not_believed(tmp_path):
    volume_list = volume_set(tmp_path)
    document = write_set_manifest(set_manifest(volume(1), volume(2)))
    found = examined(without(volume_list, **{"set.json": document})).verdict
    assert (found.intact.state, found.intact.code) == (State.REFUTED, "digest-mismatch")


def test_a_signed_list_of_volumes_that_is_none(tmp_path):
    volume_set(tmp_path)
    volume_list = tmp_path / "bad.asice"
    with volume_list.open("w+b") as stream:
        write_set(stream, set_manifest(volume(1)), {layout.README: b""}, signer(), at=SIGNED)
    found = examined(volume_list)
    assert found.verdict.intact.code == "manifest-invalid"
    assert found.volume_list is None and found.volumes == ()


def test_a_set_larger_than_any_is_refused_as_a_file_and_unpacked(tmp_path):
    volume_list = without(volume_set(tmp_path), **{"README.TXT": bytes(MAX_SET_FILE)})
    found = examined(volume_list)
    assert (found.verdict.intact.state, found.verdict.intact.code) == (State.REFUTED, "limit-exceeded")
    assert found.volume_list is None and found.volumes == ()
    whole = tmp_path / "large.asice"
    with whole.open("w+b") as stream:
        write_set(stream, manifest(), {layout.README: bytes(MAX_SET_FILE)}, signer(), at=SIGNED)
    assert not is_set(whole)
    assert examined(whole).verdict.intact.code == "limit-exceeded"


# -- the volumes --------------------------------------------------------------------------


def test_a_volume_is_missing(tmp_path):
    volume_list = volume_set(tmp_path)
    (tmp_path / "p-002.asice").unlink()
    found = examined(volume_list).verdict
    assert states(found) == ["proven", "refuted", "proven", "unknown", "proven"]
    assert (found.complete.code, found.complete.where) == ("volume-missing", "p-002.asice")
    assert found.refusal is found.complete.failure


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
def test_a_pipe_in_the_place_of_a_volume_is_not_waited_for(tmp_path):
    volume_list = volume_set(tmp_path)
    (tmp_path / "p-002.asice").unlink()
    os.mkfifo(tmp_path / "p-002.asice")
    assert examined(volume_list).verdict.complete.code == "volume-missing"


def test_two_volumes_are_exchanged(tmp_path):
    volume_list = volume_set(tmp_path)
    first, second = tmp_path / "p-001.asice", tmp_path / "p-002.asice"
    shutil.move(first, tmp_path / "x")
    shutil.move(second, first)
    shutil.move(tmp_path / "x", second)
    found = examined(volume_list).verdict
    assert states(found)[:2] == ["refuted", "proven"]
    assert {(one.code, one.where) for one in found.findings} == {
        ("volume-foreign", "p-001.asice"),
        ("volume-foreign", "p-002.asice"),
    }


FIRST = Volume(set_id="urn:test:set", volume=1, of=3)


@pytest.mark.parametrize(
    "other",
    [
        {"count": 1},
        {"count": 1, "place": replace(FIRST, set_id="urn:test:other")},
        {"count": 1, "place": replace(FIRST, of=4)},
        {"count": 1, "place": replace(FIRST, retention_year=2046)},
        {"count": 2, "place": FIRST},
        {"count": 1, "place": FIRST, "co_signer": signer(SECOND)},
    ],
    ids=["no set", "another set", "a longer set", "another year", "more units", "another manifest"],
)
def test_another_package_is_not_the_volume(tmp_path, other):
    volume_list = volume_set(tmp_path)
    (tmp_path / "p-001.asice").write_bytes(package(**other))
    found = examined(volume_list, trust(signer(), signer(SECOND))).verdict
    assert (found.intact.state, found.intact.code) == (State.REFUTED, "volume-foreign")
    assert found.intact.where == "p-001.asice"


def test_a_damaged_volume_is_named(tmp_path):
    volume_list = volume_set(tmp_path)
    path = tmp_path / "p-003.asice"
    with zipfile.ZipFile(path) as archive:
        unit = next(one for one in archive.infolist() if one.filename.startswith("units/"))
    data = bytearray(path.read_bytes())
    data[unit.header_offset + 100] ^= 1
    path.write_bytes(data)
    found = examined(volume_list)
    assert found.verdict.intact.code == "digest-mismatch"
    assert found.verdict.intact.where == f"p-003.asice: {unit.filename}"
    assert [one.verdict.refusal is None for one in found.volumes] == [True, True, False]


def test_a_volume_that_another_hand_signed_is_not_the_listed_one(tmp_path):
    volume_list = volume_set(tmp_path)
    (tmp_path / "p-001.asice").write_bytes(package(count=1, place=FIRST, by=signer(SECOND)))
    found = examined(volume_list).verdict
    # its manifest says who signed it: it is another one than the set lists
    assert (found.intact.state, found.intact.code) == (State.REFUTED, "volume-foreign")
    assert (found.trusted.state, found.trusted.code) == (State.UNKNOWN, "signer-untrusted")
    assert found.trusted.where.startswith("p-001.asice")


def test_a_first_signer_is_remembered_once_for_the_set(tmp_path):
    register = tmp_path / "register"
    register.mkdir()
    volume_list = volume_set(tmp_path)
    found = examined(volume_list, Trust(at=SIGNED), register)
    assert found.verdict.trusted.code == "accepted-first-use"
    assert len(read_known_signers(register)) == 1
    assert examined(volume_list, Trust(at=SIGNED), register).verdict.trusted.code == "accepted-known"


def test_nobody_but_who_signed_the_set_is_believed_at_first(tmp_path):
    register = tmp_path / "register"
    register.mkdir()
    volume_list = volume_set(tmp_path)
    (tmp_path / "p-001.asice").write_bytes(package(count=1, place=FIRST, by=signer(SECOND)))
    found = examined(volume_list, Trust(at=SIGNED), register).verdict
    assert (found.trusted.code, found.trusted.where) == ("signer-untrusted", "p-001.asice")
    assert read_known_signers(register) == ()
