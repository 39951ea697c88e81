"""Whatever is done to the bytes of a package, no examination calls it proven."""

import pytest
from hypothesis import given, settings, strategies as st

from archiver.package.archive import read_members
from archiver.package.check import check
from archiver.package.manifest import write_manifest
from archiver.package.manifest_reading import read_manifest
from archiver.verdict import State
from tests.packages import package, signer, trust

WHOLE = package()
TRUST = trust(signer())


def sound(verdict):
    """Say whether everything that a package without a time-stamp can prove is proven."""
    answers = (verdict.intact, verdict.complete, verdict.signed_by, verdict.trusted)
    return all(one.state is State.PROVEN for one in answers)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("damage") / "package.asice"


def places():
    """Return the stretch of every structure: each member, each header, the directory, the end."""
    from io import BytesIO

    members = list(read_members(BytesIO(WHOLE)))
    stretches, position = {}, 0
    for one in members:
        stretches[f"header of {one.name}"] = range(position, one.offset)
        stretches[one.name] = range(one.offset, one.offset + one.size)
        position = one.offset + one.size
    stretches["directory"] = range(position, len(WHOLE) - 22)
    stretches["end"] = range(len(WHOLE) - 22, len(WHOLE))
    return stretches


PLACES = places()


def test_the_package_is_sound_to_begin_with(path):
    path.write_bytes(WHOLE)
    assert sound(check(path, TRUST))
    assert sum(len(one) for one in PLACES.values()) == len(WHOLE)
    assert len(PLACES) == 24


@pytest.mark.parametrize("place", sorted(PLACES))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_is_noticed(path, place, data):
    position = data.draw(st.sampled_from(PLACES[place]))
    broken = bytearray(WHOLE)
    broken[position] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(broken)
    assert not sound(check(path, TRUST)), position


@settings(max_examples=60, deadline=None)
@given(length=st.integers(0, len(WHOLE) - 1))
def test_a_truncation_is_noticed(path, length):
    path.write_bytes(WHOLE[:length])
    assert check(path, TRUST).intact.state is State.REFUTED


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, len(WHOLE)), length=st.integers(0, 40), put=st.binary(max_size=40))
def test_a_replaced_stretch_is_noticed(path, start, length, put):
    changed = WHOLE[:start] + put + WHOLE[start + length :]
    path.write_bytes(changed)
    assert sound(check(path, TRUST)) is (changed == WHOLE)


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(extra=st.dictionaries(KEYS, JSON, max_size=3))
def test_a_manifest_says_the_same_after_a_round_trip(extra):
    from dataclasses import replace

    from archiver.package.manifest import Manifest
    from tests.packages import handover

    manifest = Manifest(
        package_id="p", handover=replace(handover(), unknown=extra), keyrings=("keyring.age",), units=()
    )
    assert read_manifest(b"".join(write_manifest(manifest))) == manifest
