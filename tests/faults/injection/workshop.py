"""Where points are tried: scenes that are made once, the number of their system calls, and disks for them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.engines.seaweedfs import SeaweedServer
from tests.faults.injection import practice_scenes, vault_scenes
from tests.faults.injection.authority import answering
from tests.faults.injection.catalogue import Fault
from tests.faults.injection.desk import Desk
from tests.faults.injection.disks import make_image, mounted, reflink, reflinking
from tests.faults.injection.scene import Scene, Supplies, lay
from tests.journeys.line import Line

SCENES: dict[str, Scene] = {**vault_scenes.SCENES, **practice_scenes.SCENES}
COUNTED = ("write", "pwrite64", "fsync", "fdatasync", "rename", "linkat", "unlink", "openat", "mkdir")
"""System calls at which faults are injected."""
MEMORY = Path("/dev/shm")
"""A disk that is memory, where there is one: whoever waits for no disk tries more points in an hour."""


@dataclass(kw_only=True, slots=True)
class Workshop:
    """What the points of one process of tests share; ``root`` is removed at the end."""

    supplies: Supplies
    root: Path
    stack: ExitStack = field(default_factory=ExitStack)
    made: dict[str, Path] = field(default_factory=dict)
    counted: dict[str, tuple[dict[str, int], int]] = field(default_factory=dict)
    images: dict[tuple[str, str], Path] = field(default_factory=dict)
    disk: Path | None = None
    server: SeaweedServer | None = None
    bucket: str = ""
    sent: int = 0
    """Bytes that a deposit sends to an object storage, where that was measured."""

    def scene(self, command: str) -> Path:
        """Return the folder in which the scene of a command was made; nobody changes anything there."""
        if command not in self.made:
            folder = self.root / "made" / command.replace(" ", "-")
            folder.mkdir(parents=True)
            SCENES[command].make(folder, self.supplies)
            self.made[command] = folder
        return self.made[command]

    @contextmanager
    def desk(self, command: str, *, counting: bool = False) -> Iterator[Desk]:
        """Return the program at a copy of the scene, which is removed afterwards."""
        folder = self.root / ("counted" if counting else "desk")
        try:
            yield SCENES[command].desk(lay(self.scene(command), folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _count(self, command: str) -> tuple[dict[str, int], int]:
        """Run the command once without a fault: count its calls, and by how many bytes the desk grows."""
        if command not in self.counted:
            with self.desk(command, counting=True) as desk:
                before = weight(desk.folder)
                done, calls = desk.calls(SCENES[command].command(desk), COUNTED)
                assert done.status == 0, done.err
                self.counted[command] = calls, weight(desk.folder) - before
        return self.counted[command]

    def which(self, fault: Fault, call: str, *, beyond: int = 0) -> int:
        """Return which of all ``call`` that a command makes is the fault's; ``beyond`` the last are so many more."""
        last = self._count(fault.command)[0][call] + beyond
        assert last, f"{fault.command} makes no {call}"
        return 1 + (fault.number - 1) * (last - 1) // (fault.of - 1) if fault.of > 1 else (last + 1) // 2

    def growth(self, command: str) -> int:
        """Return by how many bytes the desk grows when the command runs."""
        return self._count(command)[1]

    def image(self, command: str, system: str) -> Path:
        """Return an image of a file system with the scene on it, whose files are copied by reference beside it."""
        if self.disk is None:
            folder = Path(tempfile.mkdtemp(prefix="disk-"))
            self.stack.callback(shutil.rmtree, folder)
            self.disk = self.stack.enter_context(reflinking(folder / "disk"))
        if (command, system) not in self.images:
            image = self.disk / f"{command.replace(' ', '-')}.{system}"
            make_image(image, system)
            with mounted(image, self.mount_point, system) as folder:
                lay_below(self.scene(command), folder)
            self.images[command, system] = image
        return self.images[command, system]

    def copy_of(self, image: Path, name: str) -> Path:
        """Copy an image as it is at this moment."""
        target = image.with_name(name)
        target.unlink(missing_ok=True)
        reflink(image, target)
        return target

    @property
    def mount_point(self) -> Path:
        """Where every image is mounted, so that what lies on it is always in the same place."""
        return self.root / "mounted"

    def close(self) -> None:
        """Unmount and remove everything."""
        self.stack.close()
        shutil.rmtree(self.root, ignore_errors=True)


def lay_below(made: Path, mounted_at: Path) -> Path:
    """Lay a scene into the folder ``desk`` of a disk: its own root has what the file system laid there."""
    return lay(made, mounted_at / "desk")


def weight(folder: Path) -> int:
    """Return how many bytes a disk has to have for the files below ``folder``."""
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*") if path.is_file())


@contextmanager
def workshop(line: Line) -> Iterator[Workshop]:
    """Open a workshop on the fastest disk that there is."""
    parent = MEMORY if MEMORY.is_dir() else None
    root = Path(tempfile.mkdtemp(prefix="faults-", dir=parent))
    with answering() as address:
        made = Workshop(supplies=Supplies(line=line, authority=address), root=root)
        try:
            yield made
        finally:
            made.close()
