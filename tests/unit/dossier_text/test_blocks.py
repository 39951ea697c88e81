"""What a section says, read from its markup."""

from __future__ import annotations

from archiver.dossier_text.blocks import FactBlock, TableBlock, TextBlock, TitleBlock, blocks_of
from archiver.dossier_text.layout import lines_of
from formats.pdlgc.page.markup import both, html_text, join, one_language, tag
from formats.words import Words


def read(markup: str) -> list[object]:
    return list(blocks_of([markup]))


def test_titles_texts_and_facts() -> None:
    markup = (
        '<h3>Plan <span class="tag">actif</span></h3><p>Un<br/>deux</p>'
        "<dl><div><dt>Lot</dt><dd>A&amp;B</dd></div></dl>"
    )
    assert read(markup) == [TitleBlock("Plan actif"), TextBlock("Un\ndeux"), FactBlock("Lot", "A&B")]


def test_a_table_has_its_cells_at_their_places() -> None:
    markup = (
        '<table><thead><tr><th colspan="2">Dent</th><th>18</th></tr></thead><tbody>'
        '<tr><th rowspan="2">Profondeur</th><th>V</th><td>3</td></tr><tr><th>L</th><td>4</td></tr></tbody></table>'
    )
    assert read(markup) == [
        TableBlock(["Dent", "", "18"], [["Profondeur", "V", "3"], ["", "L", "4"]]),
    ]


def test_pictures_are_left_out() -> None:
    assert read("<div><svg><g><title>18</title><path/></g></svg><img/>Texte</div>") == [TextBlock("Texte")]


def test_markup_may_come_in_pieces_and_end_anywhere() -> None:
    assert list(blocks_of(["<p>Un", " mot</p>", "à la fin"])) == [TextBlock("Un mot"), TextBlock("à la fin")]


def test_a_label_is_shown_in_one_language() -> None:
    words = Words("téléphone", "telephone")
    markup = join([html_text("06"), both(words), tag(Words("aucun", "none")), html_text("téléphone")])
    assert one_language(markup, "fr") == '06 téléphone <span class="tag ">aucun</span> téléphone'
    assert one_language(markup, "en") == '06 telephone <span class="tag ">none</span> téléphone'


TABLE = TableBlock(
    ["Début", "Acte", "Montant"],
    [["24/08/2025\u00a009:30", "Restauration d'une molaire permanente en plusieurs temps", "12 €"]] * 3,
)


def lines(width: int, rows: int = 0) -> list[str]:
    return list(lines_of([TABLE], width=width, rows=rows, more="et {count} de plus"))


def test_a_table_wraps_its_long_cells_and_breaks_no_date() -> None:
    shown = lines(60)
    assert max(map(len, shown)) <= 60
    assert shown[0].split() == ["Début", "Acte", "Montant"]
    assert sum("24/08/2025\u00a009:30" in one for one in shown) == 3


def test_a_table_that_does_not_fit_becomes_cards() -> None:
    shown = lines(40)
    assert sum(one.startswith("  Début") for one in shown) == 3 and shown.count("") == 2


def test_rows_that_are_not_shown_are_counted() -> None:
    assert lines(60, rows=1)[-1] == "  et 2 de plus"


def test_nothing_in_a_text_acts_on_a_terminal() -> None:
    blocks = [TextBlock("a\x1b[2J\u202eb"), FactBlock("l", "\x9b"), TableBlock(["x"], [["\x07"]])]
    shown = "\n".join(lines_of(blocks, width=80, rows=0, more=""))
    assert "\x1b" not in shown and "\u202e" not in shown and "\x9b" not in shown and "\x07" not in shown
    assert "\\x1b[2J\\u202eb" in shown
