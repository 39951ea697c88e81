"""Write reference/judge-rules.md of each language from the rules themselves; ``--check`` compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from archiver.operations.judging.judgement_text import OBLIGATIONS, whole_rule_text, words_in
from formats.judging.pdlgc.profiles import PROFILES
from formats.judging.registry import RULES_BY_KIND
from formats.judging.rules import JudgingRule
from formats.words import LANGUAGES, Words, translate

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {language: DOCS / language / "reference" / "judge-rules.md" for language in LANGUAGES}
MARK = "<!-- Written by .ci/judge_rules_page.py from formats/judging; do not edit. -->"
HEAD = {
    "en": """# Rules of the judge

{mark}

`archiver judge` examines these rules, {count} in all, and says of each: kept, broken and where, or not examined and
why. How to use it:
[judging an archive](../how-to/judge.md). *must*: what breaks it does not conform; *should*: advised; *remark*: worth
knowing.

Clauses “PDLGC §n” are sections of the guide *Portabilité des données LGC* (ANS, 0.1.0 of 30 September 2026) in this
order: §1 tree and names, §2 README.TXT, §3 INDEX.HTM,
§4 MANIFEST.XML, §5 SIGN.XML, §6 METADATA.XML, §7 PDF, §8 DOCUMENTATION, §9 formats, §10 contradictions ([questions to
the ANS](../explanation/pdlgc-questions.md)). Profiles:
{profiles}.
""",
    "fr": """# Règles du juge

{mark}

`archiver judge` examine ces règles, {count} en tout, et dit de chacune : respectée, non respectée et où, ou non
examinée et pourquoi. Mode d’emploi :
[juger une archive](../how-to/judge.md). *obligatoire* : ce qui l’enfreint n’est pas conforme ; *recommandé* :
conseillé ; *remarque* : bon à savoir.

Les clauses « PDLGC §n » sont les sections du guide *Portabilité des données LGC* (ANS, 0.1.0 du 30 septembre 2026)
dans cet ordre : §1 arborescence et noms, §2 README.TXT, §3 INDEX.HTM,
§4 MANIFEST.XML, §5 SIGN.XML, §6 METADATA.XML, §7 PDF, §8 DOCUMENTATION, §9 formats, §10 contradictions ([questions à
l’ANS](../explanation/pdlgc-questions.md)). Profils :
{profiles}.
""",
}
COLUMNS = {"en": "rule | obligation | code", "fr": "règle | obligation | code"}
ONLY = Words("profils : {names}", "profiles: {names}")


def page(language: str) -> str:
    """Return the page in ``language``."""
    profiles = ", ".join(f"`{name}` ({words_in(words, language)})" for name, words in PROFILES.items())
    count = len({one for _, rules in RULES_BY_KIND.values() for one in rules})
    lines = [HEAD[language].format(mark=MARK, count=count, profiles=profiles)]
    shown: set[str] = set()
    for kind, (title, rules) in RULES_BY_KIND.items():
        fresh = [one for one in rules.values() if one.id not in shown]
        shown |= rules.keys()
        lines += [f"## {words_in(title, language)} (`archiver judge {kind}`)", ""]
        for clause in dict.fromkeys(one.clause for one in fresh):
            lines += [f"### {clause}", "", f"| {COLUMNS[language]} |", "|---|---|---|"]
            lines += [*_rows([one for one in fresh if one.clause == clause], language), ""]
    return "\n".join(lines)


def _rows(rules: list[JudgingRule], language: str) -> Iterator[str]:
    for one in rules:
        text = whole_rule_text(one, language)
        if one.profiles:
            text += f" ({words_in(ONLY, language).format(names=', '.join(sorted(one.profiles)))})"
        obligation = translate(OBLIGATIONS[one.obligation], language, "archiver")
        cell = text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("\n", " ")
        yield f"| {cell} | {obligation} | `{one.id}` |"


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check({path: page(language) for language, path in PAGES.items()}))
