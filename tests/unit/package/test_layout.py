import pytest

from archiver.package import layout
from formats.errors import UnsafeName
from tests.packages import counted


def test_a_unit_identifier_has_26_base32_characters():
    chance = counted()
    identifiers = {layout.new_unit_id(chance) for _ in range(100)}
    assert len(identifiers) == 100
    assert all(len(one) == 26 and layout.is_unit_id(one) for one in identifiers)


@pytest.mark.parametrize("text", ["", "A" * 26, "a" * 25, "a" * 27, "1" * 26, "a" * 26 + "\n"])
def test_what_cannot_name_a_unit(text):
    assert not layout.is_unit_id(text)


@pytest.mark.parametrize("name", ["../x", "/x", "a\\b", "CON", "é.txt", "a b", "a//b", "x" * 2000, ""])
def test_names_no_package_holds(name):
    with pytest.raises(UnsafeName):
        layout.member_name(name)


def test_every_required_member_has_a_name_a_package_may_hold():
    assert [layout.member_name(name) for name in layout.REQUIRED] == list(layout.REQUIRED)


def test_where_keyrings_lie():
    assert layout.is_keyring("keyring.age") and layout.is_keyring("keyring-phrase.age")
    assert not layout.is_keyring("key.age") and not layout.is_keyring("x/keyring.age")
