from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from archiver.paper.card_text import COMMANDS, ENGLISH, FRENCH
from archiver.paper.recovery_card import RecoveryKit, print_kit
from archiver.sealing.age import HybridIdentity
from archiver.sealing.recovery.recovery_set import identity_of, split_identity
from archiver.sealing.recovery.words import read_card
from tests.tools import need, run

KEY = HybridIdentity(seed=bytes(range(32)))
OWNER = "Dr Zoé Pâtisson-Lœuilleux, cabinet dentaire du Vieux Pressoir à Plœmeur"


@cache
def kit(threshold: int = 3, cards: int = 5, owner: str = OWNER) -> RecoveryKit:
    made = split_identity(KEY, threshold=threshold, cards=cards)
    return RecoveryKit(cards=made, owner=owner, made=datetime(2026, 3, 1, 9, 30, tzinfo=UTC))


def printed(of: RecoveryKit) -> bytes:
    target = io.BytesIO()
    print_kit(of, target)
    return target.getvalue()


def pages(data: bytes, folder: Path) -> list[str]:
    (folder / "kit.pdf").write_bytes(data)
    run(need("pdftotext"), "-layout", folder / "kit.pdf", folder / "kit.txt")
    return (folder / "kit.txt").read_text(encoding="utf-8").removesuffix("\f").split("\f")


def test_the_same_kit_gives_the_same_bytes() -> None:
    assert printed(kit()) == printed(kit())
    assert b"/CreationDate (D:20260301093000" in printed(kit())


def test_one_page_a_card_with_all_it_must_say(tmp_path: Path) -> None:
    found = pages(printed(kit()), tmp_path)
    assert len(found) == 5
    for number, (page, share) in enumerate(zip(found, kit().cards.cards, strict=True), 1):
        assert f"Carte de secours {number} sur 5" in page
        assert f"Recovery card {number} of 5" in page
        assert "3 cartes sur 5 suffisent" in page and "any 3 of 5 cards are enough" in page
        assert kit().cards.key_id in page and kit().cards.check_value in page
        assert str(kit().cards.number) in page and f"« {share.begins} »" in page
        assert OWNER[:64].strip() in page
        assert "01/03/2026 (2026-03-01)" in page
        assert all(command in page for command in COMMANDS)
        for text in (FRENCH, ENGLISH):
            assert text.opens_title in page and text.know_title in page and text.entrusted in page


def test_the_numbered_words_are_those_of_the_card(tmp_path: Path) -> None:
    for page, share in zip(pages(printed(kit()), tmp_path), kit().cards.cards, strict=True):
        grid = page.split("in this order")[1].split(FRENCH.opens_title)[0]
        found = {int(number): word for number, word in re.findall(r"(\d+)\s+([a-z]+)", grid)}
        assert [found[number] for number in range(1, 34)] == list(share.words)


def test_the_codes_are_read_by_another_program(tmp_path: Path) -> None:
    import zxingcpp
    from PIL import Image

    (tmp_path / "kit.pdf").write_bytes(printed(kit()))
    run(need("pdftoppm"), "-r", "120", "-gray", "-png", tmp_path / "kit.pdf", tmp_path / "page")
    scanned = []
    for image in sorted(tmp_path.glob("page-*.png")):
        (code,) = zxingcpp.read_barcodes(Image.open(image))
        scanned.append(read_card(code.text, 1))
    assert tuple(scanned) == kit().cards.cards
    assert identity_of(scanned[1:4]) == KEY


def test_every_font_is_inside(tmp_path: Path) -> None:
    (tmp_path / "kit.pdf").write_bytes(printed(kit()))
    lines = run(need("pdffonts"), tmp_path / "kit.pdf").splitlines()[2:]
    assert len(lines) >= 2
    for line in lines:
        assert re.search(r"\s+(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+$", line).group(1) == "yes", line


def test_the_largest_kit_and_the_emptiest_name(tmp_path: Path) -> None:
    for threshold, cards, owner in ((2, 2, ""), (16, 16, "W" * 500)):
        found = pages(printed(kit(threshold, cards, owner)), tmp_path)
        assert len(found) == cards
        assert f"{threshold} cartes sur {cards} suffisent" in found[-1]
        assert FRENCH.entrusted in found[-1]
