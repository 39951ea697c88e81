"""Write what derives from the table of verdict questions; with ``--check`` say whether it is current.

The page ``reference/verdict.md`` of each language, and the answers in ``docs/schemas/verdict.schema.json``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from archiver.cli.exits import SUCCESS, UNDECIDED
from archiver.verdict import NOT_EXAMINED
from archiver.verdict_questions import QUESTIONS, VerdictQuestion
from formats.words import LANGUAGES, translate

DOCS = Path(__file__).resolve().parents[1] / "docs"
SCHEMA = DOCS / "schemas" / "verdict.schema.json"
PAGES = {language: DOCS / language / "reference" / "verdict.md" for language in LANGUAGES}
ANSWER = {"$ref": "#/$defs/answer"}
ANSWERED = {"verdict": QUESTIONS, "volume": QUESTIONS, "origin": [one for one in QUESTIONS if one.of_origin]}
"""Definitions of the schema that have an answer to each of these questions."""
WIDTH, FLAT = 110, 1
"""Characters of a line of the schema, and levels of it that have one line a member whatever their length."""
MARK = "<!-- Written by .ci/verdict_page.py from archiver/verdict_questions.py; do not edit. -->"
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Questions of a verdict",
        "head": "`archiver verify` answers these questions of a package, or of a set with its volumes, without any "
        "key; each answer is *proven*, *refuted* (only what is false) or *unknown* (with the reason). The same table "
        "makes the screen, the report, the JSON document ([output](output.md), "
        "[schema](../../schemas/verdict.schema.json)) and this page.",
        "status": "Exit status",
        "status_head": "First what is refuted, then that with which nothing is opened, in this order; then "
        f"{UNDECIDED}; else {SUCCESS}. *code*: the status of that code ([errors](errors.md)).",
        "columns": "question | in JSON | proven | unknown | unknown, nothing is opened | refuted",
        "code": "code",
        "promise": "Proven",
        "examined": "Examined",
        "remedy": "Otherwise",
        "sections": "In the [format](../format/archive-format-1.md)",
        "proven": "Codes, proven",
        "unknown": "Codes, unknown",
        "unopened": "Codes, unknown, and nothing is opened",
        "origin": "Of a later revision, the first one answers it too (`origin`).",
        "colon": ":",
    },
    "fr": {
        "title": "Questions d’un verdict",
        "head": "`archiver verify` répond à ces questions sur un paquet, ou sur un ensemble et ses volumes, sans "
        "aucune clé ; chaque réponse est *proven* (prouvée), *refuted* (réfutée : seulement ce qui est faux) ou "
        "*unknown* (inconnue, et pourquoi). La même table fait l’écran, le rapport, le document JSON "
        "([sorties](output.md), [schéma](../../schemas/verdict.schema.json)) et cette page.",
        "status": "État de sortie",
        "status_head": "D’abord ce qui est réfuté, ensuite ce avec quoi rien n’est ouvert, dans cet ordre ; puis "
        f"{UNDECIDED} ; {SUCCESS} sinon. *code* : l’état de ce code ([erreurs](errors.md)).",
        "columns": "question | en JSON | prouvée | inconnue | inconnue, rien n’est ouvert | réfutée",
        "code": "code",
        "promise": "Prouvée",
        "examined": "Examiné",
        "remedy": "Sinon",
        "sections": "Dans le [format](../format/archive-format-1.md)",
        "proven": "Codes, prouvée",
        "unknown": "Codes, inconnue",
        "unopened": "Codes, inconnue, et rien n’est ouvert",
        "origin": "D’une révision ultérieure, la première y répond aussi (`origin`).",
        "colon": " :",
    },
}


def page(language: str) -> str:
    """Return the page in ``language``."""
    words = WORDS[language]

    def say(sentence: str) -> str:
        return translate(sentence, language, "archiver")

    columns = words["columns"]
    rows = [_status_row(one, say(one.title), words) for one in QUESTIONS]
    lines = [f"# {words['title']}", "", MARK, "", words["head"], "", f"## {words['status']}", ""]
    lines += [words["status_head"], "", f"| {columns} |", "|" + "---|" * (columns.count("|") + 1), *rows, ""]
    for one in QUESTIONS:
        lines += _section(one, words, say)
    return "\n".join(lines)


def _status_row(one: VerdictQuestion, title: str, words: dict[str, str]) -> str:
    code, colon = words["code"], words["colon"]
    optional = "".join(f" (`{each}`{colon} {SUCCESS})" for each in sorted(one.optional))
    unopened = f"*{code}*" if one.unopened else ""
    return f"| {title} | `{one.name}` | {SUCCESS} | {UNDECIDED}{optional} | {unopened} | *{code}* |"


def _section(one: VerdictQuestion, words: dict[str, str], say: Callable[[str], str]) -> Iterator[str]:
    def item(name: str, text: str) -> str:
        return f"- **{words[name]}**{words['colon']} {text}"

    def codes(name: str, found: Sequence[str]) -> list[str]:
        return [item(name, ", ".join(f"`{code}`" for code in found))] if found else []

    yield from (f"## {say(one.title)}", "")
    yield item("promise", say(one.promise))
    yield item("examined", say(one.examined))
    yield item("remedy", say(one.remedy))
    yield item("sections", ", ".join(f"§{section}" for section in one.sections))
    yield from codes("proven", one.proven)
    yield from codes("unknown", (*one.unknown, NOT_EXAMINED.code))
    yield from codes("unopened", one.unopened)
    yield from ("", words["origin"], "") if one.of_origin else ("",)


def schema(text: str) -> str:
    """Return the schema ``text`` with the answers of the table, each where the first of them was."""
    document = json.loads(text)
    for name, questions in ANSWERED.items():
        definition = document["$defs"][name]
        known = {key for key, value in definition["properties"].items() if value == ANSWER}
        names = [one.name for one in questions]
        definition["required"] = list(_replaced(definition["required"], known, names))
        properties: dict[str, Any] = definition["properties"]
        keys = _replaced(list(properties), known, names)
        definition["properties"] = {key: ANSWER if key in names else properties[key] for key in keys}
    return _rendered(document)


def _replaced(names: Sequence[str], known: set[str], new: Sequence[str]) -> Iterator[str]:
    first = next((name for name in names if name in known), None)
    for name in names:
        if name == first:
            yield from new
        elif name not in known:
            yield name


def _rendered(value: Any, indent: str = "") -> str:
    """Return ``value`` as JSON, short objects and lists on one line, as people write schemas."""
    short = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or (len(indent + short) <= WIDTH and indent.count("  ") > FLAT):
        return short
    inner = f"{indent}  "
    items = (f"{inner}{json.dumps(key)}: {_rendered(member, inner)}" for key, member in value.items())
    return "{\n" + ",\n".join(items) + f"\n{indent}}}"


def files() -> dict[Path, str]:
    """Return each file with its text."""
    pages = {path: page(language) for language, path in PAGES.items()}
    return pages | {SCHEMA: schema(SCHEMA.read_text(encoding="utf-8")) + "\n"}


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check(files()))
