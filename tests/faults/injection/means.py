"""The means: how each fault is injected, and what it met; every one ends in the same judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.faults.injection.catalogue import Fault, Means
from tests.faults.injection.desk import Desk, Injection, moving_clock
from tests.faults.injection.disks import break_off, leave_free, mounted, small_disk
from tests.faults.injection.network import try_network
from tests.faults.injection.object_rot import try_object_rot
from tests.faults.injection.rot import try_rot
from tests.faults.injection.scene import judge, lay
from tests.faults.injection.workshop import SCENES, Workshop
from tests.journeys.program import Ended

SPACE = 64 << 20
DATABASES = frozenset({"vault rebuild", "import"})
"""Commands that write a database and nothing else, which is synchronised in its own way (fdatasync)."""
MOST_OF = 0.95
"""Of what a command needs, a full disk has so much at most: with all of it nothing would fail."""


def _by_strace(shop: Workshop, fault: Fault) -> str:
    """Kill the process at a system call, or let the call fail."""
    when = shop.which(fault, fault.detail)
    kind = "signal=SIGKILL" if fault.means == Means.KILLED else f"error={fault.means.upper()}"
    scene = SCENES[fault.command]
    with shop.desk(fault.command) as desk:
        injection = Injection(call=fault.detail, expression=f"{kind}:when={when}")
        done, injected = desk.injected(scene.command(desk), injection)
        # a call less than the time before is no fault of anybody; a fault that was not met proves nothing
        assert injected or done.status == 0, "the fault was not injected"
        judge(scene, desk, done)
    return met(done, injected=injected)


def _full_disk(shop: Workshop, fault: Fault) -> str:
    """Leave the command a part of the bytes that it needs, and free the disk afterwards."""
    scene = SCENES[fault.command]
    left = int(shop.growth(fault.command) * MOST_OF * (fault.number - 1) / (fault.of - 1))
    with small_disk(shop.root / "small", SPACE) as disk:
        desk = scene.desk(lay(shop.scene(fault.command), disk / "desk"))
        command = scene.command(desk)
        filler = leave_free(disk, left)
        done = desk(*command)
        filler.unlink()
        judge(scene, desk, done)
    return met(done)


def _power_cut(shop: Workshop, fault: Fault) -> str:
    """Take the image of the disk when the program is killed at an fsync; the last point is after its end."""
    scene = SCENES[fault.command]
    call = "fdatasync" if fault.command in DATABASES else "fsync"
    when = shop.which(fault, call, beyond=1)
    image = shop.copy_of(shop.image(fault.command, fault.detail), "working")
    folder = shop.mount_point
    with mounted(image, folder, fault.detail) as disk:
        desk = scene.desk(disk / "desk")
        injection = Injection(call=call, expression=f"signal=SIGKILL:when={when}")
        done, injected = desk.injected(scene.command(desk), injection)
        cut = shop.copy_of(image, "cut")
    with mounted(cut, folder, fault.detail) as disk:
        judge(scene, scene.desk(disk / "desk"), done)
    return met(done, injected=injected)


def _read_only(shop: Workshop, fault: Fault) -> str:
    """Let the kernel make the disk read-only while the program stands at a system call; mount it anew afterwards."""
    scene = SCENES[fault.command]
    image = shop.copy_of(shop.image(fault.command, "ext4"), "working")
    folder = shop.mount_point
    with mounted(image, folder, "ext4") as disk:
        desk = scene.desk(disk / "desk")
        when = shop.which(fault, fault.detail)
        injection = Injection(call=fault.detail, expression=f"signal=SIGSTOP:when={when}")
        done, injected = desk.injected(scene.command(desk), injection, lambda: break_off(disk))
        assert injected or done.status == 0, "the fault was not injected"
    with mounted(image, folder, "ext4") as disk:
        judge(scene, scene.desk(disk / "desk"), done)
    return met(done, injected=injected)


def _clock(shop: Workshop, fault: Fault) -> str:
    """Let the clock jump by so many seconds while the program stands at an fsync; it is right again afterwards."""
    scene = SCENES[fault.command]
    file = shop.root / "clock"
    file.write_text("+0", encoding="ascii")
    with shop.desk(fault.command) as desk:
        moved = Desk(folder=desk.folder, clock=moving_clock(file))
        injection = Injection(call="fsync", expression=f"signal=SIGSTOP:when={shop.which(fault, 'fsync')}")
        command = scene.command(desk)
        done, injected = moved.injected(command, injection, lambda: file.write_text(fault.detail, "ascii"))
        assert injected, "the fault was not injected"
        judge(scene, desk, done)
    return met(done)


def met(done: Ended, *, injected: bool = True) -> str:
    """Return what the run did that met the fault: it was ended, it refused, or it did its work nevertheless."""
    if not injected:
        return "finished-before"
    if done.status < 0:
        return "ended"
    return "finished" if done.status == 0 else "refused"


TRY: Mapping[Means, Callable[[Workshop, Fault], str]] = MappingProxyType(
    {
        Means.KILLED: _by_strace,
        Means.EIO: _by_strace,
        Means.ENOSPC: _by_strace,
        Means.FULL_DISK: _full_disk,
        Means.POWER_CUT: _power_cut,
        Means.READ_ONLY: _read_only,
        Means.CLOCK: _clock,
        Means.ROT: try_rot,
        Means.OBJECT_ROT: try_object_rot,
        Means.NETWORK: try_network,
    }
)
