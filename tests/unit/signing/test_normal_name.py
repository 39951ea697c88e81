"""By what a sender is known again, and which names a person could take for each other."""

import pytest
from hypothesis import given, strategies as st

from archiver.signing.trust.known_signers import KnownSender
from archiver.signing.trust.normal_name import is_alike, normal

NAME = "SELARL Dupont-Écuyer"


@pytest.mark.parametrize("other", [
    "selarl dupont-écuyer", "  SELARL\tDupont-Écuyer\n", "SELARL\u00a0Dupont-Écuyer",
    "SELARL Dupont-E\u0301cuyer", "SELARL Du\u200bpont-Écuyer", "SELARL Dupont\u00ad-Écuyer",
    "\u202eSELARL Dupont-Écuyer\u202c", "ＳＥＬＡＲＬ Dupont-Écuyer", "SELARL\ufe0f Dupont-Écuyer",
    "SELARL \u3164Dupont-Écuyer\ufeff",
])  # fmt: skip
def test_spellings_of_one_name(other):
    assert normal(other) == normal(NAME)
    assert KnownSender(name=other).is_same(KnownSender(name=NAME))


@pytest.mark.parametrize("other", [
    "SELARL Dupont Ecuyer", "SELARL DUPONT-ÉCUYERE", "SЕLАRL Dupont-Écuyer", "Dupont-Écuyer SELARL",
    "SELARL Dup0nt-Écuyer", "Dr SELARL Dupont-Écuyer", "SELARL Duponf-Ecuyer",
])  # fmt: skip
def test_names_that_look_alike_are_not_the_same(other):
    assert normal(other) != normal(NAME)
    assert not KnownSender(name=other).is_same(KnownSender(name=NAME))
    assert is_alike(other, NAME) and is_alike(NAME, other)


@pytest.mark.parametrize(
    "other", ["SELARL Durand-Martin", "Cabinet du Port", "Dupont", "", "Dr Malo Kerbrat"]
)
def test_names_nobody_takes_for_each_other(other):
    assert not is_alike(other, NAME)


def test_names_of_any_length_count_to_their_end():
    long = "Cabinet " + "x" * 5000
    assert normal(long + " A") != normal(long + " B")
    assert not KnownSender(name=long + " Nord").is_same(KnownSender(name=long + " Sud"))


def test_official_numbers_decide_before_names():
    one = KnownSender(name="Cabinet Un", identifiers=("urn:oid:1|123",))
    assert one.is_same(KnownSender(name="Un tout autre nom", identifiers=("urn:oid:2|9", "urn:oid:1|123")))
    assert one.is_same(KnownSender(name="cabinet un"))
    assert not one.is_same(KnownSender(name="Cabinet Un", identifiers=("urn:oid:1|124",)))


@given(st.text(max_size=60))
def test_a_normal_form_is_one_of_itself(text):
    assert normal(normal(text)) == normal(text)
    assert is_alike(text, text)


@given(st.text(alphabet="abcdefgh", min_size=8, max_size=14), st.data())
def test_one_letter_more_or_less_is_noticed(text, data):
    place = data.draw(st.integers(0, len(text) - 1))
    assert is_alike(text, text[:place] + text[place + 1 :]) and is_alike(
        text, text[:place] + "z" + text[place:]
    )
