"""Write reference/situations.md of each language from the situations of an export; ``--check`` compares."""

from __future__ import annotations

import sys
from pathlib import Path

from archiver.paperwork.documents import DOCUMENT_WORDS, TransferDocument
from archiver.scope.legal_ground import ASKED_SIGNATURES, ground_words
from archiver.scope.situations import (
    ACKNOWLEDGEMENT_WORDS,
    CONTROLLER_WORDS,
    COPY_LEFT_WORDS,
    INCLUSION_WORDS,
    OMISSION_WORDS,
    SITUATIONS,
    HandoverSituation,
    SituationCode,
)
from formats.words import LANGUAGES, translate

ROOT = Path(__file__).resolve().parents[1]
PAGES = {language: ROOT / "docs" / language / "reference" / "situations.md" for language in LANGUAGES}
HEADS = {
    "fr": """\
# Les situations d’un export

<!-- Written by .ci/situations_page.py from the code; do not edit. -->

`archiver export … --situation CODE` : dans quelle situation les dossiers changent de mains. Elle donne le fondement
juridique, qui répond des dossiers ensuite, qui est emporté, combien de signatures la liste demande, ce qui reste et
pourquoi, et les documents qui vont avec. Tout cela est scellé dans le paquet (`TERMS.CSV`), montré par
`archiver inspect` et inscrit sur le bordereau. Rien de ceci n’est un avis juridique.

Pas à pas : [partir avec ses dossiers](../how-to/departing-practitioner.md).
""",
    "en": """\
# Situations of an export

<!-- Written by .ci/situations_page.py from the code; do not edit. -->

`archiver export … --situation CODE`: in which situation dossiers change hands. It gives the legal ground, who answers
for the dossiers afterwards, who is taken, how many signatures the roster asks for, what stays and why, and the
documents that go with it. All of it is sealed into the package (`TERMS.CSV`), shown by `archiver inspect` and written
on the transfer slip. Nothing here is legal advice.

Step by step: [leaving with one’s records](../how-to/departing-practitioner.md).
""",
}
LABELS = {
    "fr": (
        "fondement", "où se trouvent ses règles", "responsable du traitement", "emportés",
        "signatures sur la liste", "restent", "exemplaire de l’expéditeur", "comment on sait l’arrivée", "volumes",
        "documents",
    ),
    "en": (
        "ground", "where its rules stand", "controller", "taken",
        "signatures on the roster", "stay", "copy of the sender", "how its arrival is known", "volumes", "documents",
    ),
}  # fmt: skip
YEARS = {"fr": "un par année de fin de conservation", "en": "one for each year in which retention ends"}


def part(code: SituationCode, one: HandoverSituation, language: str) -> str:
    """Return the section about a situation."""

    def in_language(sentence: str) -> str:
        return translate(sentence, language, "archiver", "formats")

    kinds = {"patients": {"fr": "les autres patients", "en": "the other patients"},
             "practice_rows": {"fr": "données propres au cabinet", "en": "the practice's own data"}}  # fmt: skip
    left = "; ".join(
        f"{kinds[kind][language]} ({in_language(OMISSION_WORDS[why])})" for kind, why in one.left_out.items()
    )
    asked = ASKED_SIGNATURES[one.ground]
    values = (
        f"`{one.ground.value}`, {in_language(ground_words(one.ground))}",
        one.source,
        in_language(CONTROLLER_WORDS[one.controller]),
        in_language(INCLUSION_WORDS[one.inclusion]),
        f"{asked.count} ({asked.source})" if one.left_out else "",
        left,
        in_language(COPY_LEFT_WORDS[one.copy_left]),
        in_language(ACKNOWLEDGEMENT_WORDS[one.acknowledgement]),
        YEARS[language] if one.by_year else "",
        ", ".join(in_language(DOCUMENT_WORDS[TransferDocument(name)]) for name in one.documents),
    )
    rows = zip(LABELS[language], values, strict=True)
    colon = " :" if language == "fr" else ":"
    lines = "".join(f"- {label}{colon} {value}\n" for label, value in rows if value)
    words = in_language(one.words)
    return f"\n## `{code.value}`\n\n{words[0].upper()}{words[1:]}.\n\n{lines}"


def page(language: str) -> str:
    """Return the page in ``language``."""
    return HEADS[language] + "".join(part(code, one, language) for code, one in SITUATIONS.items())


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check({path: page(language) for language, path in PAGES.items()}))
