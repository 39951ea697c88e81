"""Repair of one file by its parity, from one damaged copy or several; our own digest decides whether it is mended.

PAR2 knows every block of the file by its MD5 and CRC-32, wherever it lies: sound blocks of every copy count, shifted
ones too. Its hashes find blocks; they prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archiver.disk import remove
from archiver.parity.packets import named_files
from archiver.parity.program import run_program
from formats.digests import Digest, chunks
from formats.regular_files import open_regular


@dataclass(frozen=True, kw_only=True, slots=True)
class ParityRepair:
    """Outcome of a repair: the mended file or ``None``, and how many of the data ``blocks`` were found.

    ``unfit`` counts parity files that were not used: they name another file, which the program would write.
    """

    path: Path | None
    found: int
    blocks: int
    unfit: int = 0


def repair_by_parity(
    folder: Path, name: str, digest: Digest, *, parity: Iterable[Path], copies: Iterable[Path]
) -> ParityRepair:
    """Mend the file ``name``; ``parity`` and damaged ``copies`` lie in ``folder``, which nobody else uses.

    Raises:
        ParityFailed, ExtraMissing, DiskFull, DiskFault: when the program cannot be run.
    """
    given = sorted(parity)
    sets = [one for one in given if set(named_files(one)) <= {name.encode("utf-8")}]
    unfit = len(given) - len(sets)
    for one in set(given) - set(sets):
        remove(one)  # the program looks for files of a like name by itself
    if not sets:
        return ParityRepair(path=None, found=0, blocks=0, unfit=unfit)
    extra = tuple(one.name for one in (*sets[1:], *copies) if one.name != name)
    done = run_program(folder, "repair", (), (sets[0].name, *extra))
    target = folder / name
    mended = target.is_file() and digest_of_copy(target, digest) == digest
    return ParityRepair(path=target if mended else None, found=done.found, blocks=done.blocks, unfit=unfit)


def digest_of_copy(path: Path, like: Digest) -> Digest:
    """Return the digest of the file at ``path`` under the algorithm of ``like``."""
    state = like.algorithm.new()
    with open_regular(path) as stream:
        for piece in chunks(stream):
            state.update(piece)
    return Digest(like.algorithm, state.digest())
