from __future__ import annotations

import hashlib
import itertools
from functools import cache

import pytest
from hypothesis import given, settings, strategies as st

from archiver.sealing.age import HybridIdentity
from archiver.sealing.errors import (
    CardChecksumWrong,
    CardMistyped,
    CardsMixed,
    CardsOfAnotherKey,
    CardsTooFew,
    CardTwice,
    CardUnreadable,
    CardWordUnknown,
    RecoveryRefused,
)
from archiver.sealing.recovery.recovery_set import (
    RecoverySet,
    check_value,
    combine,
    identity_of,
    key_id,
    split_identity,
)
from archiver.sealing.recovery.share import WORDS, split_secret
from archiver.sealing.recovery.words import cards_in, read_card
from formats.errors import LimitExceeded

KEY = HybridIdentity(seed=bytes(range(32)))
OTHER = HybridIdentity(seed=bytes(reversed(range(32))))


@cache
def kit() -> RecoverySet:
    return split_identity(KEY, threshold=3, cards=5)


def words(card: int) -> list[str]:
    return list(kit().cards[card].words)


def text(card: int) -> str:
    return " ".join(words(card))


def test_any_three_of_five_give_the_key_and_no_two_do() -> None:
    for chosen in itertools.permutations(kit().cards, 3):
        assert identity_of(chosen) == KEY
    for pair in itertools.combinations(kit().cards, 2):
        with pytest.raises(CardsTooFew) as refusal:
            combine(pair)
        assert refusal.value.facts == {"needed": 3, "found": 2}
    with pytest.raises(CardsTooFew):
        combine([])


def test_more_cards_than_it_takes_must_agree() -> None:
    assert identity_of(kit().cards) == KEY
    assert identity_of(kit().cards[1:]) == KEY


def test_every_card_has_33_words_and_says_where_it_belongs() -> None:
    cards = kit().cards
    assert {len(card.words) for card in cards} == {33}
    assert len({card.begins for card in cards}) == 1
    assert [card.member for card in cards] == [0, 1, 2, 3, 4]
    assert {card.set_number for card in cards} == {kit().number}


def test_key_id_and_check_value() -> None:
    plain = hashlib.sha256(str(KEY.to_recipient()).encode()).hexdigest()
    assert key_id(KEY.to_recipient()).replace("-", "") == plain[:16]
    assert check_value(KEY) != check_value(OTHER)
    assert (kit().key_id, kit().check_value) == (key_id(KEY.to_recipient()), check_value(KEY))
    assert "0102030405" not in repr(kit()) and words(0)[4] not in repr(kit().cards[0])


def test_the_check_value_on_the_card_is_compared() -> None:
    assert identity_of(kit().cards, expected=kit().check_value.upper().replace("-", " ")) == KEY
    with pytest.raises(CardsOfAnotherKey) as refusal:
        identity_of(kit().cards, expected=check_value(OTHER))
    assert refusal.value.facts == {"found": check_value(KEY), "expected": check_value(OTHER)}


def test_cards_of_a_shorter_secret_are_no_receiving_key() -> None:
    shares = split_secret(b"s" * 16, threshold=2, cards=2)
    with pytest.raises(CardsOfAnotherKey):
        identity_of(shares)


@pytest.mark.parametrize(("threshold", "cards"), [(1, 1), (1, 5), (4, 3), (3, 17), (0, 0)])
def test_numbers_that_make_no_sense(threshold: int, cards: int) -> None:
    with pytest.raises(RecoveryRefused):
        split_identity(KEY, threshold=threshold, cards=cards)


@pytest.mark.parametrize(("threshold", "cards"), [(2, 2), (2, 3), (16, 16)])
def test_other_numbers(threshold: int, cards: int) -> None:
    made = split_identity(KEY, threshold=threshold, cards=cards)
    assert len(made.cards) == cards
    assert identity_of(made.cards[-threshold:]) == KEY


def test_cards_of_two_sets_do_not_mix() -> None:
    again = split_identity(KEY, threshold=3, cards=5)
    with pytest.raises(CardsMixed) as refusal:
        combine([*kit().cards[:2], again.cards[2]])
    assert refusal.value.facts["card"] == 3
    assert refusal.value.facts["begins"] == again.cards[0].begins


def test_a_card_twice() -> None:
    cards = kit().cards
    with pytest.raises(CardTwice) as refusal:
        combine([cards[0], cards[1], cards[0]])
    assert refusal.value.facts == {"card": 3, "other": 1}


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        lambda one: one.replace(" ", "\n"),
        lambda one: " ".join(f"{at}. {word}," for at, word in enumerate(one.split(), 1)),
        lambda one: " ".join(word[:4] for word in one.split()),
        lambda one: f"\ufeff  {one.title()}\r\n",
    ],
)
def test_how_people_type(typed) -> None:
    assert read_card(typed(text(0)), 1) == kit().cards[0]


def test_an_unknown_word_is_told_with_its_place() -> None:
    typed = words(0)
    typed[11] = "acadmic"
    with pytest.raises(CardWordUnknown) as refusal:
        read_card(" ".join(typed), 2)
    assert refusal.value.facts == {
        "card": 2,
        "position": 12,
        "word": "acadmic",
        "suggestion": "academic",
    }
    typed[11] = "xylophone"
    with pytest.raises(CardWordUnknown) as refusal:
        read_card(" ".join(typed), 2)
    assert refusal.value.facts["suggestion"] == "?"


def test_four_letters_must_begin_the_word_that_was_meant() -> None:
    typed = words(0)
    typed[0] = typed[0][:4] + "zzz"
    with pytest.raises(CardWordUnknown):
        read_card(" ".join(typed), 1)


@given(position=st.integers(0, 32), number=st.integers(0, 1023))
@settings(max_examples=60, deadline=None)
def test_one_wrong_word_is_found_and_named(position: int, number: int) -> None:
    typed = words(1)
    right, typed[position] = typed[position], WORDS[number]
    if typed == words(1):
        return
    with pytest.raises(CardMistyped) as refusal:
        read_card(" ".join(typed), 1)
    assert refusal.value.facts == {"card": 1, "position": position + 1, "suggestion": right}


@pytest.mark.parametrize("position", [0, 1, 15, 31])
def test_two_words_that_changed_places_are_found(position: int) -> None:
    typed = words(2)
    first, second = typed[position : position + 2]
    assert first != second
    typed[position : position + 2] = [second, first]
    with pytest.raises(CardMistyped) as refusal:
        read_card(" ".join(typed), 1)
    assert refusal.value.facts == {"card": 1, "position": position + 1, "suggestion": f"{first} {second}"}


@given(st.lists(st.integers(0, 32), min_size=2, max_size=2, unique=True), st.data())
@settings(max_examples=25, deadline=None)
def test_two_wrong_words_are_never_mended_wrongly(positions: list[int], data: st.DataObject) -> None:
    typed = words(3)
    for position in positions:
        others = [word for word in WORDS if word != typed[position]]
        typed[position] = data.draw(st.sampled_from(others))
    with pytest.raises((CardChecksumWrong, CardMistyped)) as refusal:
        read_card(" ".join(typed), 1)
    if isinstance(refusal.value, CardMistyped):  # the two happened to change places
        assert " " in str(refusal.value.facts["suggestion"])


@pytest.mark.parametrize("count", [0, 1, 19, 21, 24, 32, 34, 66])
def test_a_card_with_a_wrong_number_of_words(count: int) -> None:
    typed = (words(0) * 3)[:count]
    with pytest.raises(CardUnreadable) as refusal:
        read_card(" ".join(typed), 4)
    assert refusal.value.facts["card"] == 4
    assert refusal.value.facts["words"] == count


def test_cards_in_a_file() -> None:
    three = [text(0), text(1), text(2)]
    column = "\n".join(f"{at:>2} {word}" for at, word in enumerate(words(0), 1))
    assert len(cards_in("\n".join(three))) == 3
    assert len(cards_in("\n\n".join(three))) == 3
    assert len(cards_in("# Carte 1\n" + column + "\n \n# Carte 2\n\n" + text(1) + "\n")) == 2
    assert cards_in("") == cards_in("# nothing\n\n") == ()
    shares = [read_card(one, number) for number, one in enumerate(cards_in("\n".join(three)), 1)]
    assert identity_of(shares) == KEY
    with pytest.raises(LimitExceeded):
        cards_in("\n\n".join([text(0)] * 17))


def test_a_cut_card_in_a_file_is_not_taken_for_another() -> None:
    (card,) = cards_in(" ".join(words(0)[:20]) + "\n" + " ".join(words(0)[20:]))
    assert read_card(card, 1) == kit().cards[0]
