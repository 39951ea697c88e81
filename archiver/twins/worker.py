"""The process that makes readable copies: one after the other, with limits of the system where it has them.

Whatever a file does to the libraries that decode it ends here; ``archiver.twins.pool`` starts another process then.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.paper.errors import TemplateInvalid
from archiver.paper.typesetting import Typesetter, unprintable_letters
from archiver.twins.errors import CopyRefused
from archiver.twins.nodes import Node, fact_nodes
from archiver.twins.originals import CopyContent, PictureFiles, read_content
from archiver.twins.request import MAX_CHARACTERS, MAX_LINES, CopyRequest, MadeCopy, StandIn
from formats.digests import Digest
from formats.errors import Failure, LimitExceeded
from formats.words import mark

if sys.platform != "win32":
    import resource

TEMPLATE = "twin.typ"
MEMORY_BYTES = 3 << 30
"""Address space of a process, of which the compiler uses little; on Windows there is no such limit."""
MUCH_MEMORY = 400 << 20
"""Memory after which a process is replaced; one that makes summaries and pictures has 190 MB."""
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
MAX_RARE_LETTERS = 400
"""Different letters beyond Latin, Greek and Cyrillic of one copy that are looked up; of more, none has a font."""

STAND_IN_WORDS = {
    StandIn.FORMAT: "Le logiciel qui a fait cette archive ne sait pas reproduire en PDF le contenu de ce fichier.",
    StandIn.EMPTY: "Ce fichier est vide.",
    StandIn.DAMAGED: "Ce fichier est endommagé, ou n’est pas ce que son nom annonce : son contenu n’a pas pu être lu.",
    StandIn.ENCRYPTED: "Ce fichier est protégé par un mot de passe : son contenu n’a pas pu être lu.",
    StandIn.LIMIT: "Ce fichier est trop grand pour être reproduit ici.",
    StandIn.TIME: "Ce fichier demande trop de temps ou de mémoire pour être reproduit ici.",
}
"""What the page says that stands in for a file."""
ORIGINAL = "L’original, inchangé, se trouve dans l’archive à l’emplacement indiqué ci-dessous."


def template_files() -> dict[str, bytes]:
    """Return the template of a copy."""
    return {TEMPLATE: files("archiver.twins").joinpath("templates", TEMPLATE).read_bytes()}


def serve(connection: Connection, folder: Path) -> None:
    """Answer each ``(request, target)``, until nobody asks: the ``MadeCopy`` at ``target``, or a failure.

    With it goes whether this process had better be replaced: the compiler keeps what it made of the last documents.
    All temporary files lie in ``folder``, which whoever ends this process removes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one decides
    _limit_memory()
    tempfile.tempdir = str(folder)
    copies = CopyMaker(folder)
    while True:
        try:
            request, target = connection.recv()
        except (EOFError, OSError):
            return
        answer: MadeCopy | Failure
        try:
            with disk.failures_about():
                answer = copies.make(request, target)
        except Failure as fault:
            answer = fault
        connection.send((answer, _peak_bytes() > MUCH_MEMORY))


def _peak_bytes() -> int:
    """Return the most memory that this process had, where the system says so (proc(5), getrusage(2)).

    On Linux ``ru_maxrss`` is at least what the process had that started this one.
    """
    if sys.platform == "win32":
        return 0
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    with suppress(OSError, ValueError):  # a system that has a lower limit already
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class CopyMaker:
    """Makes copies, with one typesetter in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._pictures = PictureFiles(folder)
        self._typesetter = Typesetter(folder, template_files())

    def make(self, request: CopyRequest, target: Path) -> MadeCopy:
        """Write the copy to ``target``: what ``request`` asks for, or a page that stands in for it.

        Raises:
            TemplateInvalid: when not even that page can be typeset.
        """
        try:
            return self._written(request, self._content(request), target)
        except CopyRefused as refused:
            return self._stand_in(request, refused.stand_in, refused.fault, target)
        except MemoryError:
            return self._stand_in(request, StandIn.TIME, None, target)
        except TemplateInvalid as fault:
            return self._stand_in(request, StandIn.FORMAT, fault, target)
        finally:
            self._pictures.clear()

    def _content(self, request: CopyRequest) -> CopyContent:
        if request.stand_in is not None:
            raise CopyRefused(request.stand_in, request.fault)
        if request.file is None:
            return CopyContent(body=[], pages=[])
        with disk.failures_about(), request.file.open("rb") as stream:
            try:
                return read_content(request, stream, self._pictures)
            except (CopyRefused, Failure, MemoryError):
                raise
            except Exception as fault:  # libraries raise anything of a file that they do not expect
                raise CopyRefused(StandIn.DAMAGED) from fault

    def _stand_in(self, request: CopyRequest, why: StandIn, fault: Failure | None, target: Path) -> MadeCopy:
        self._pictures.clear()
        body: list[Node] = [
            {"p": [{"b": [STAND_IN_WORDS[why]]}]},
            {"p": [ORIGINAL]},
            fact_nodes(request.facts),
        ]
        bare = replace(request, data=request.data | {"body": []}, facts=())
        made = self._written(bare, CopyContent(body=body, pages=[]), target)
        return replace(made, stand_in=why, fault=fault)

    def _written(self, request: CopyRequest, content: CopyContent, target: Path) -> MadeCopy:
        data = request.data | {"body": [*request.data["body"], *content.body], "pages": content.pages}
        text = json.dumps(_visible(data), ensure_ascii=False)
        for name, found, limit in (
            (mark("the number of characters"), len(text), 2 * MAX_CHARACTERS),
            (mark("the number of lines"), text.count("\\n"), MAX_LINES),
        ):
            if found > limit:
                raise CopyRefused(StandIn.LIMIT, LimitExceeded(name=name, found=found, limit=limit))
        text, letters = _with_code_points(text)
        pdf = self._typeset(text, request.made, pictures=bool(content.pages))
        target.write_bytes(pdf)
        return MadeCopy(size=len(pdf), digest=Digest.of(pdf), letters=letters)

    def _typeset(self, text: str, made: datetime, *, pictures: bool) -> bytes:
        """Return PDF/A-1a; level b of pictures of pages, which have no structure, and of what has too much of it."""
        if not pictures:
            with suppress(TemplateInvalid):
                return self._typesetter.typeset(TEMPLATE, text, made=made)
        return self._typesetter.typeset(TEMPLATE, text, made=made, standard="a-1b")


def _visible(value: Any) -> Any:
    """Return nodes without what no page shows, or what turns a text around."""
    if isinstance(value, str):
        if value.isprintable():
            return value
        return _UNSEEN.sub("\ufffd", value.replace("\t", "    ").replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, list | tuple):
        return [_visible(one) for one in value]
    return {key: _visible(one) for key, one in value.items()} if isinstance(value, dict) else value


def _with_code_points(text: str) -> tuple[str, str]:
    """Return JSON with the code point in place of every letter that no font has, and these letters."""
    rare = sorted(
        {one for one in text if one > "\u04ff"} | {one for one in text if "\u02af" < one < "\u0370"}
    )
    known, unknown = rare[:MAX_RARE_LETTERS], rare[MAX_RARE_LETTERS:]
    without = sorted({*unprintable_letters("".join(known)), *unknown})
    if not without:
        return text, ""
    return text.translate({ord(one): f"[U+{ord(one):04X}]" for one in without}), "".join(without)
