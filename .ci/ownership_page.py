"""Write reference/ownership.md of each language from the rules of ownership; ``--check`` compares."""

from __future__ import annotations

import sys
from pathlib import Path

from archiver.scope.ownership.rules import RULES, OwnershipRule
from archiver.scope.rosters.roster_decision import DECISION_WORDS, RosterDecision
from formats.words import LANGUAGES, translate

ROOT = Path(__file__).resolve().parents[1]
PAGES = {language: ROOT / "docs" / language / "reference" / "ownership.md" for language in LANGUAGES}
HEADS = {
    "fr": """\
# De qui chacun est le patient

<!-- Written by .ci/ownership_page.py from the code; do not edit. -->

`archiver roster propose --rule …` demande à une règle, ou à plusieurs, de quel praticien chaque personne est le
patient. Une règle est une clause : elle répond *oui*, *non*, ou *à décider*, qui est tout ce que les dossiers ne disent
pas. Rien n’est deviné, et rien de ceci n’est un avis juridique.

| règle | nom | ce qu’elle dit | où elle se trouve |
|---|---|---|---|
""",
    "en": """\
# Whose patient everybody is

<!-- Written by .ci/ownership_page.py from the code; do not edit. -->

`archiver roster propose --rule …` asks one rule, or several, of which practitioner each person is the patient. A rule
is a clause: it answers *yes*, *no*, or *to decide*, which is whatever the records do not tell. Nothing is guessed, and
nothing here is legal advice.

| rule | name | what it says | where it stands |
|---|---|---|---|
""",
}
TAILS = {
    "fr": """
`N` est un nombre de mois, de 1 à 240 : `exclusive-18-months`. `explicit` lit une liste convenue (`--roster`).

- **Plusieurs règles** sont les clauses d’un même contrat : le patient est celui du seul praticien auquel l’une d’elles
  le donne. Si elles le donnent à deux praticiens, ou si aucune ne le donne et qu’une en doute, c’est à décider.
- **Une personne**, non une fiche : les fiches liées (`archiver people same`) comptent ensemble et partent ensemble.
- **Qui peut avoir des patients** : un remplaçant rend les siens (CSP R4127-275), une colonne de l’agenda n’est
  personne. Leurs actes ne donnent le patient à personne ; dans une durée exclusive ils laissent un doute, comme un
  acte dont rien n’indique l’auteur ou le jour.
- **Auteurs d’un autre cabinet** : ceux que seuls des dossiers repris nomment. Ils sont cités avec ce qu’ils ont fait,
  et ne peuvent prétendre à personne ici. Qui exerce ici et a soigné là-bas sous le même numéro RPPS est une seule
  personne.
- **Rendez-vous** : honorés, manqués ou à venir. Les annulés et ceux sans date n’en sont pas.
- **Durée exclusive** : du premier au dernier jour de soins depuis que personne d’autre n’a vu le patient. Si elle ne
  suffit que jusqu’au jour de la séparation (`--on`), c’est à décider : le contrat doit dire ce qui compte. Une date
  partielle d’un autre praticien compte jusqu’à son dernier jour.
- **Après le jour de la séparation**, aucun acte ne compte ; la commande en donne le nombre.

Dans la colonne `decision` d’une liste : {decisions}. Une cellule vide dit oui ; l’export refuse une liste où quelque
chose reste à décider. Toutes les colonnes : [les listes](lists.md).
""",
    "en": """
`N` is a number of months, from 1 to 240: `exclusive-18-months`. `explicit` reads a settled roster (`--roster`).

- **Several rules** are clauses of one contract: the patient is of the only practitioner to whom one of them gives them.
  Where they give them to two practitioners, or none does and one is in doubt, it is to decide.
- **A person**, not a record: records that were linked (`archiver people same`) count together and leave together.
- **Who can have patients**: a replacement hands theirs back (CSP R4127-275), a column of the diary is no person. Their
  acts give the patient to nobody; within an exclusive period they leave doubt, as does an act of which no record says
  who did it or when.
- **Authors elsewhere**: whom only dossiers that were taken over name. They are named with what they did, and can claim
  nobody here; one who practises here and treated there under the same RPPS number is one person.
- **Bookings**: appointments that took place, were missed or lie ahead. Those cancelled or without a date are none.
- **Exclusive period**: from the first to the last day of care since nobody else has seen the patient. Where it is long
  enough only up to the day of the split (`--on`), it is to decide: the contract must say which counts. A partial date
  of another practitioner counts to its last day.
- **After the day of the split** no act counts; the command says how many there are.

In the column `decision` of a roster: {decisions}. An empty cell says yes; an export refuses a roster in which anything
is left to decide. All columns: [the lists](lists.md).
""",
}


def row(rule: OwnershipRule, language: str) -> str:
    """Return the line of the table about a rule."""
    meaning = translate(rule.meaning, language, "archiver").format(months=rule.parameter or "N")
    cells = (f"`{rule.code}`", getattr(rule.label, language), meaning, getattr(rule.source, language))
    return f"| {' | '.join(cells)} |\n"


def page(language: str) -> str:
    """Return the page in ``language``."""
    words = ", ".join(f"`{getattr(DECISION_WORDS[one], language)}`" for one in RosterDecision)
    rows = "".join(row(rule, language) for rule in RULES)
    return HEADS[language] + rows + TAILS[language].replace("{decisions}", words)


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check({path: page(language) for language, path in PAGES.items()}))
