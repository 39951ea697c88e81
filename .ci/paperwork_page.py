"""Write reference/paperwork.md of each language: documents, templates, their data; ``--check`` compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from archiver.paperwork.documents import DATA, DOCUMENTS, FILE_NAMES
from archiver.paperwork.meaning import data_fields
from formats.words import LANGUAGES, Words, translate

DOCS = Path(__file__).resolve().parents[1] / "docs"
TEXTS = {
    "fr": """\
# Les documents, leurs modèles, leurs données

<!-- Written by .ci/paperwork_page.py from the code; do not edit. -->

Pas à pas : [les documents d’un transfert](../how-to/paperwork.md),
[la protection des données](../how-to/data-protection.md).
Chaque document est un PDF/A-1a (ISO 19005-1) ; les
mêmes données, le même modèle et le même moment donnent les mêmes octets.

## Les documents

| document | modèle | fichier |
|---|---|---|
""",
    "en": """\
# Documents, their templates, their data

<!-- Written by .ci/paperwork_page.py from the code; do not edit. -->

Step by step: [the documents of a transfer](../how-to/paperwork.md), [data protection](../how-to/data-protection.md).
Each document is a PDF/A-1a (ISO 19005-1); the
same data, template and moment give the same bytes.

## The documents

| document | template | file |
|---|---|---|
""",
}
RULES = {
    "fr": """
## Un modèle à soi

Un modèle est un fichier [typst](https://typst.app/docs/). `archiver paperwork templates DOSSIER` copie ceux du
programme ; modifiez ceux qu’il faut, et redonnez le répertoire par `--templates`. Un fichier du même nom remplace celui
du programme ; `common.typ` a ce que tous emploient ; un logo (PNG, JPEG, SVG) peut être à côté.

- `#import "../common.typ": *` donne `data`, l’objet JSON ci-dessous, et des fonctions : `number`, `money`, `size`,
  `day`, `when`, `moment`, `digest`, `party`, `blank`, `facts`, `listing`, `counts`, `signatures`, `sheet`.
- Une donnée est un texte, jamais du balisage : `#` ou `*` dans un nom s’impriment tels quels.
- Le modèle ne voit que le répertoire des modèles. Les paquets de typst (`@preview/…`) sont refusés : rien n’est
  demandé au réseau. Les polices sont celles qu’apporte typst : Libertinus Serif, New Computer Modern, DejaVu Sans Mono.
- Une lettre qu’aucune de ces polices n’a s’imprime par son numéro (`[U+738B]`), et la commande le dit
  (`letter-without-font`).
- Un modèle faux est refusé avec sa ligne (`template-invalid`) ; rien n’est écrit.
- PDF/A-1a veut un titre, que `sheet` donne, et un texte pour chaque image (`image("/logo.svg", alt: "…")`) ; il ne veut
  ni transparence ni signets.

## Les données

`--with-data` les écrit à côté de chaque document. Un moment est une date et une heure avec leur fuseau (ISO 8601), une
date `AAAA-MM-JJ`. Chaque objet a toujours tous ses champs.

| champ | type | sens |
|---|---|---|
""",
    "en": """
## A template of one's own

A template is a [typst](https://typst.app/docs/) file. `archiver paperwork templates FOLDER` copies those of the
program; change those you need, and give the folder by `--templates`. A file of the same name takes the place of the
program's; `common.typ` has what all of them use; a logo (PNG, JPEG, SVG) may lie beside them.

- `#import "../common.typ": *` gives `data`, the JSON object below, and functions: `number`, `money`, `size`, `day`,
  `moment`, `digest`, `party`, `blank`, `facts`, `listing`, `counts`, `signatures`, `sheet`.
- Data is text, never markup: `#` or `*` in a name are printed as they are.
- A template sees the folder of templates alone. Packages of typst (`@preview/…`) are refused: nothing is asked of the
  network. Fonts are those that typst brings along: Libertinus Serif, New Computer Modern, DejaVu Sans Mono.
- A letter that none of these fonts has is printed by its number (`[U+738B]`), and the command says so
  (`letter-without-font`).
- A template that is wrong is refused with its line (`template-invalid`); nothing is written.
- PDF/A-1a wants a title, which `sheet` gives, and a text for each image (`image("/logo.svg", alt: "…")`); it wants
  neither transparency nor bookmarks.

## The data

`--with-data` writes it beside each document. A moment is a date and a time with their zone (ISO 8601), a date
`YYYY-MM-DD`. Every object always has all of its fields.

| field | type | meaning |
|---|---|---|
""",
}
GENERAL = (
    ("document", Words("texte", "text"), Words("Nom du modèle : `slip`.", "Name of the template: `slip`.")),
    ("language", Words("texte", "text"), Words("Langue : `fr` ou `en`.", "Language: `fr` or `en`.")),
    (
        "letters",
        Words("liste", "list"),
        Words("Lettres qu’aucune police n’a.", "Letters that no font has."),
    ),
)
FORMS = {
    "text": Words("texte", "text"),
    "number": Words("nombre", "number"),
    "boolean": Words("vrai ou faux", "true or false"),
    "date": Words("date", "date"),
    "moment": Words("moment", "moment"),
    "list": Words("liste", "list"),
    "object": Words("objet", "object"),
}
NONE = {"fr": "ou `null`", "en": "or `null`"}


def page(language: str) -> str:
    """Return the page in ``language``."""
    lines = [TEXTS[language].rstrip("\n")]
    lines += [
        f"| `{one.value}` | `{language}/{one.value}.typ` | `{getattr(FILE_NAMES[one], language)}.pdf` |"
        for one in DOCUMENTS
    ]
    lines.append(RULES[language].rstrip("\n"))
    lines += [
        f"| `{name}` | {getattr(form, language)} | {getattr(meaning, language)} |"
        for name, form, meaning in GENERAL
    ]
    for kind in dict.fromkeys(DATA.values()):
        names = ", ".join(f"`{one.value}`" for one in DOCUMENTS if DATA[one] is kind)
        lines += ["", f"### {names}", "", HEAD[language], "|---|---|---|", *rows(kind, language)]
    return "\n".join(lines) + "\n"


HEAD = {"fr": "| champ | type | sens |", "en": "| field | type | meaning |"}


def rows(kind: type, language: str) -> Iterator[str]:
    """Yield a row for each field of ``kind``."""
    for one in data_fields(kind):
        form, _, none = one.form.partition(" | ")
        shown = getattr(FORMS[form], language) + (f" {NONE[language]}" if none else "")
        yield f"| `{one.place}` | {shown} | {translate(one.meaning, language, 'archiver')} |"


if __name__ == "__main__":
    from generated_files import write_or_check

    pages = {DOCS / language / "reference" / "paperwork.md": page(language) for language in LANGUAGES}
    sys.exit(write_or_check(pages))
