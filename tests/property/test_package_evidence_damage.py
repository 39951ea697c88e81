"""Whatever is done to a package with evidence, no examination calls all of it proven."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings, strategies as st

from archiver.examination.evidence_places import find_places
from archiver.operations.build_evidence import BuildRequest, build_evidence
from archiver.package import layout
from archiver.package.checks.check_package import check
from archiver.package.checks.check_set import examine_set
from archiver.verdict import State
from tests.evidence import add_evidence, reader
from tests.packages import package, volume_set
from tests.unit.evidence.life import first, year

MANIFEST, RECORD = layout.evidence_members(1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "package.asice"
    path.write_bytes(package())
    return add_evidence(path).read_bytes()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("damage") / "package.asice"


@pytest.fixture(scope="module")
def tied(tmp_path_factory):
    """What ties a set, with a record beside it that shares its time-stamp with a volume's."""
    volume_list = volume_set(tmp_path_factory.mktemp("set"), years=(None, None))
    order = BuildRequest(packages=find_places([volume_list], reader()).places, trust=reader(at=year(2026)))
    list(build_evidence(order, first().at(year(2026))))
    return volume_list


def flipped(data, choose):
    position = choose.draw(st.integers(0, len(data) - 1))
    broken = bytearray(data)
    broken[position] ^= 1 << choose.draw(st.integers(0, 7))
    return bytes(broken)


def test_it_is_proven_to_begin_with(path, whole):
    path.write_bytes(whole)
    assert check(path, reader()).proven


@settings(max_examples=150, deadline=None)
@given(choose=st.data(), name=st.sampled_from([MANIFEST, RECORD]))
def test_unpacked_a_flipped_bit_of_evidence_changes_nothing_that_is_vouched_for(
    tmp_path_factory, whole, choose, name
):
    """A folder has no CRC-32: what no hash covers (a space, an unsigned attribute) vouches for nothing."""
    tree = tmp_path_factory.getbasetemp() / "tree"
    if not tree.exists():
        with zipfile.ZipFile(BytesIO(whole)) as archive:
            archive.extractall(tree)
    sound = (tree / name).read_bytes()
    try:
        (tree / name).write_bytes(flipped(sound, choose))
        answer = check(tree, reader()).existed_at
    finally:
        (tree / name).write_bytes(sound)
    proven = check(tree, reader()).existed_at
    assert proven.state is State.PROVEN
    assert answer.state is not State.PROVEN or answer == proven


@settings(max_examples=100, deadline=None)
@given(choose=st.data())
def test_a_flipped_bit_beside_a_set_changes_nothing_that_is_vouched_for(tied, choose):
    record = tied.with_name(layout.record_beside(tied.name, 1))
    sound = record.read_bytes()
    proven = examine_set(tied, reader()).verdict.existed_at
    assert proven.state is State.PROVEN
    try:
        record.write_bytes(flipped(sound, choose))
        answer = examine_set(tied, reader()).verdict.existed_at
    finally:
        record.write_bytes(sound)
    assert answer.state is not State.PROVEN or answer == proven


@settings(max_examples=100, deadline=None)
@given(choose=st.data())
def test_a_flipped_bit_of_a_set_is_missed_by_its_evidence(tied, choose):
    sound = tied.read_bytes()
    try:
        tied.write_bytes(flipped(sound, choose))
        assert not examine_set(tied, reader()).verdict.proven
    finally:
        tied.write_bytes(sound)
