"""Write reference/faults.md of each language from tests/faults/injection/record.json; with ``--check`` compare."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from formats.words import LANGUAGES, Words

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "tests" / "faults" / "injection" / "record.json"
PAGES = {language: ROOT / "docs" / language / "reference" / "faults.md" for language in LANGUAGES}
HEADS = {
    "fr": """\
# Les pannes provoquées

<!-- Written by .ci/faults_page.py from tests/faults/injection/record.json; do not edit. -->

Chaque commande qui écrit est interrompue, ou son disque, son réseau ou son horloge lui fait défaut, en chacun des
points comptés ici ; puis d’autres commandes regardent ce qui est resté. Un point n’est compté que si tout ceci est
vrai : rien de ce qui avait été confirmé ne manque, rien de ce qui est à moitié fait n’est pris pour fait, la
commande suivante termine, et tout est alors comme si rien ne s’était passé. `make faults` les essaie tous
({count} le {date}, révision `{commit}`, {system}, noyau {kernel}, {processor}, {processors} processeurs,
Python {python}) ; `make test` en essaie quelques-uns.
""",
    "en": """\
# Faults injected

<!-- Written by .ci/faults_page.py from tests/faults/injection/record.json; do not edit. -->

Every command that writes is ended, or its disk, its network or its clock fails it, at each of the points counted here;
then other commands look at what is left. A point counts only if all of this is true: nothing that was acknowledged is
missing, nothing half done is taken for done, the next run finishes, and everything is then as if nothing had happened.
`make faults` tries all of them ({count} on {date}, commit `{commit}`, {system}, kernel {kernel}, {processor},
{processors} processors, Python {python}); `make test` tries a few.
""",
}
COLUMNS = {
    "fr": "| commande | où | points | terminée | refusée en une phrase | achevée | réparé |",
    "en": "| command | where | points | ended | refused in a sentence | finished | mended |",
}
TOTAL = Words("Ensemble", "All")
MEANS: Mapping[str, tuple[Words, Words]] = {
    "killed": (
        Words("Processus tué", "Process killed"),
        Words(
            "SIGKILL à l’entrée d’un appel système, par `strace` : du premier au dernier appel de cette sorte.",
            "SIGKILL at the entry of a system call, by `strace`: from the first call of its kind to the last.",
        ),
    ),
    "eio": (
        Words("Erreur du disque (EIO)", "Disk error (EIO)"),
        Words("L’appel système échoue une fois, par `strace`.", "The system call fails once, by `strace`."),
    ),
    "enospc": (
        Words("Plus de place (ENOSPC), une fois", "No space (ENOSPC), once"),
        Words("L’appel système échoue une fois, par `strace`.", "The system call fails once, by `strace`."),
    ),
    "full-disk": (
        Words("Disque plein", "Full disk"),
        Words(
            "Un tmpfs où reste de rien à 95 % de ce qu’il faut ; la place revient après.",
            "A tmpfs with from nothing to 95 % of what is needed left; there is room again afterwards.",
        ),
    ),
    "power-cut": (
        Words("Coupure de courant", "Power cut"),
        Words(
            "L’image du disque (périphérique loop) est copiée par partage de blocs (XFS) quand le programme est tué à "
            "un `fsync`, ou juste après sa fin ; ce qui n’était pas synchronisé n’y est pas. La copie est montée et "
            "jugée.",
            "The image of the disk (loop device) is copied by sharing blocks (XFS) when the program is killed at an "
            "`fsync`, or just after its end; what was not synchronised is not in it. The copy is mounted and judged.",
        ),
    ),
    "read-only": (
        Words("Disque passé en lecture seule", "Disk made read-only"),
        Words(
            "Le noyau remonte un ext4 en lecture seule (`errors=remount-ro`) pendant que la commande est arrêtée à un "
            "appel système.",
            "The kernel remounts an ext4 read-only (`errors=remount-ro`) while the command stands at a system call.",
        ),
    ),
    "clock": (
        Words("Saut de l’horloge", "Clock jump"),
        Words(
            "L’horloge (libfaketime) saute d’autant de secondes pendant que la commande est arrêtée à un `fsync` ; "
            "elle est juste ensuite.",
            "The clock (libfaketime) jumps by so many seconds while the command stands at an `fsync`; it is right "
            "afterwards.",
        ),
    ),
    "rot": (
        Words("Fichiers altérés", "Rotten files"),
        Words(
            "Un fichier d’un stockage change d’un bit, perd sa moitié, disparaît ou n’a plus que des zéros : il est "
            "remarqué, et réparé.",
            "A file of a storage changes by a bit, loses its half, vanishes, or has nothing but zeros: it is noticed, "
            "and mended.",
        ),
    ),
    "object-rot": (
        Words("Altération dans le stockage d’objets", "Rot within the object storage"),
        Words(
            "Un bit d’un fichier d’un objet change là où SeaweedFS l’a sur son disque, au début, au milieu ou à la fin "
            ": le serveur ne le rend plus, un audit le remarque, et il est repris de l’autre stockage.",
            "A bit of a file of an object changes where SeaweedFS has it on its disk, at its beginning, middle or end: "
            "the server gives it back no more, an audit notices, and it is taken from the other storage.",
        ),
    ),
    "network": (
        Words("Réseau coupé", "Network cut"),
        Words(
            "Un mandataire TCP ne laisse plus rien passer après une part de ce qu’un dépôt envoie.",
            "A TCP proxy lets nothing pass any more after a part of what a deposit sends.",
        ),
    ),
}
OUTCOMES = (
    ("ended",),
    ("refused",),
    ("finished", "finished-before"),
    ("mended",),
)
"""The last columns: what the run did that met the fault."""


def page(record: Mapping[str, Any], language: str) -> str:
    """Return the page in ``language``."""
    points: Mapping[str, str] = record["points"]
    facts = {**record["machine"], **{name: record[name] for name in ("date", "commit")}}
    parts = [HEADS[language].format(count=len(points), **facts)]
    for means, (title, about) in MEANS.items():
        mine = {name: outcome for name, outcome in points.items() if name.split("/")[0] == means}
        rows = "\n".join(_rows(mine, language))
        parts.append(
            f"## {getattr(title, language)}\n\n{getattr(about, language)}\n\n{COLUMNS[language]}\n"
            f"|---|---|--:|--:|--:|--:|--:|--:|--:|\n{rows}\n"
        )
    return "\n".join(parts)


def _rows(points: Mapping[str, str], language: str) -> Iterator[str]:
    commands: dict[str, dict[str, str]] = {}
    for name, outcome in points.items():
        commands.setdefault(name.split("/")[1], {})[name] = outcome
    for command, mine in commands.items():
        places = Counter(name.split("/")[2] for name in mine)
        where = ", ".join(f"`{place}` {count}" for place, count in places.items())
        yield _row(f"`{_command(command)}`", where, mine)
    yield _row(f"**{getattr(TOTAL, language)}**", "", points)


def _command(name: str) -> str:
    """Return a command as it is typed: a point has no spaces in its name."""
    return name.replace("-", " ").replace("carry out", "carry-out")


def _row(title: str, where: str, points: Mapping[str, str]) -> str:
    counted = Counter(points.values())
    cells = [sum(counted[one] for one in outcomes) or "" for outcomes in OUTCOMES]
    return f"| {title} | {where} | {len(points)} | {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    from generated_files import write_or_check

    document = json.loads(RECORD.read_text(encoding="utf-8"))
    unknown = {name.split("/")[0] for name in document["points"]} - MEANS.keys()
    complaints = [f"{means} has no words" for means in sorted(unknown)]
    sys.exit(
        write_or_check({path: page(document, lang) for lang, path in PAGES.items()}, complaints=complaints)
    )
