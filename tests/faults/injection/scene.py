"""Scene of a fault: what lies on the desk, the command that meets the fault, and what must hold afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.injection.desk import Desk, clock_of
from tests.journeys.line import Line
from tests.journeys.program import Ended


@dataclass(frozen=True, kw_only=True, slots=True)
class Supplies:
    """What scenes are made of: the files of a line, and the address of an authority that gives time-stamps."""

    line: Line
    authority: str

    def copy(self, target: Path, *names: str) -> Path:
        """Copy files of the line into ``target``."""
        return self.line.copy(target, *names)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A command of the program, and how the people around it see what became of it.

    ``make`` fills a folder, once; every point gets a copy. ``between`` looks before the next run, and is told whether
    the run that met the fault said that it had done its work: what it acknowledged is there, and nothing is believed
    that is half done. ``again`` is the next run and the statuses with which it may end: 0, or that there is nothing to
    do any more. ``after`` looks at the end, when everything must be as if nothing had happened.
    """

    make: Callable[[Path, Supplies], object]
    command: Callable[[Desk], tuple[str, ...]]
    between: Callable[[Desk, bool], object]
    after: Callable[[Desk], object]
    again: frozenset[int] = frozenset({0})
    moment: str = ""
    """When it takes place, where that is not now."""

    def desk(self, folder: Path) -> Desk:
        """Return the program at a copy of this scene."""
        return Desk(folder=folder, clock=clock_of(self.moment) if self.moment else ())


ADDRESSED = ("backup/backup.json", "backup/vault/vault.json")
"""Files that say where others lie, from the root of the disk on."""


def lay(made: Path, target: Path) -> Path:
    """Copy the folder of a scene to ``target``, and say its addresses anew."""
    shutil.copytree(made, target, dirs_exist_ok=True)
    readdress(made, target)
    return target


def readdress(made: Path, target: Path) -> None:
    """Say the addresses anew of what was ``made`` elsewhere and lies in ``target`` now."""
    for path in (target / name for name in ADDRESSED):
        if path.exists():
            text = path.read_text(encoding="utf-8").replace(str(made), str(target))
            path.write_text(text, encoding="utf-8")


def judge(scene: Scene, desk: Desk, done: Ended) -> None:
    """Fail unless what lies on the desk after a fault is sound, and the next run finishes.

    ``done`` is how the run ended that met the fault; a program that was killed said nothing.
    """
    assert "[unexpected]" not in done.err, done.err
    assert done.status <= 0 or done.err.rstrip().endswith("]") or done.status in {4, 87}, done.err
    scene.between(desk, done.status == 0)
    again = desk(*scene.command(desk))
    assert again.status in scene.again, f"the next run ended with {again.status}: {again.out}{again.err}"
    scene.after(desk)
