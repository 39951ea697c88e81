"""Whatever is done to the bytes of a package, no examination calls it proven."""

import pytest
from hypothesis import given, settings, strategies as st

from archiver.package.checks.check_package import check
from archiver.package.manifests.manifest import write_manifest
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.verdict import State
from formats.digests import Digest
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


def test_the_package_is_sound_to_begin_with(path):
    path.write_bytes(WHOLE)
    assert sound(check(path, TRUST))


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

    from archiver.package.manifests.manifest import Manifest, StatedSignature
    from archiver.package.manifests.unit_table import Unit, UnitTable
    from tests.packages import handover

    manifest = Manifest(
        package_id="p",
        handover=replace(handover(patients=0), unknown=extra),
        keyrings=("keyring.age",),
        units=UnitTable(
            [Unit(id="a" * 26, member=f"units/{'a' * 26}.zip", size=1, digest=Digest.of(b"unit"))]
        ),
        signatures=(StatedSignature(certificate="0" * 64, timestamp=False, revocation=True),),
    )
    assert read_manifest(b"".join(write_manifest(manifest))) == manifest
