"""Elements of MANIFEST.XML, at the place the model gives them, or under a name that an earlier text gave."""

from __future__ import annotations

from collections.abc import Mapping

from formats.judging.judgement import Judging
from formats.xml import Element

ALIASES: Mapping[str, frozenset[str]] = {
    "exportId": frozenset({"idexport", "identifiantexport"}),
    "exportType": frozenset({"typeexport"}),
    "exportStatus": frozenset({"statutexport"}),
    "comments": frozenset({"commentaires"}),
    "author": frozenset({"editeursortant", "fournisseursortant"}),
    "lgcSoftwareVendor": frozenset(),
    "institution": frozenset({"raisonsociale", "denominationeg"}),
    "contact": frozenset(),
    "telecom": frozenset(),
    "lgcSystem": frozenset({"logiciel", "application"}),
    "statistics": frozenset(),
    "patientArchiveCount": frozenset(),
    "transverseArchiveCount": frozenset(),
    "exportStartTime": frozenset(),
    "exportEndTime": frozenset(),
    "Archives": frozenset(),
    "Archive": frozenset(),
    "archiveid": frozenset({"idarchive"}),
    "patientId": frozenset({"idpatient"}),
    "size": frozenset({"taille"}),
    "hash": frozenset({"metadatahash", "empreinte"}),
    "type": frozenset(),
    "name": frozenset(),
    "value": frozenset(),
}
"""Elements of the model, and what other texts called them, in lower case; any case of letters is understood."""


def local(node: Element) -> str:
    """Return the name of an element without a namespace."""
    return str(node.tag).rsplit("}", 1)[-1]


def stated_text(node: Element | None) -> str:
    """Return the text of an element without the blanks around it."""
    return "" if node is None else (node.text or "").strip()


class ManifestTree:
    """The elements of a manifest; what stands under another name or elsewhere is noted as ``manifest-names``."""

    def __init__(self, root: Element, where: str, judging: Judging) -> None:
        self.root, self.where = root, where
        self._judging = judging
        self._by_name: dict[str, list[Element]] = {}
        self._named: set[Element] = set()
        names: set[str] = set()
        waiting = [(root, False)]
        while waiting:
            node, within = waiting.pop()
            name = local(node).casefold()
            names.add(name)
            if not within:
                self._by_name.setdefault(name, []).append(node)
            waiting.extend((one, within or name == "archive") for one in reversed(node))
        self.names = frozenset(names)

    def below(self, node: Element | None, name: str) -> list[Element]:
        """Return the children ``name`` of ``node``; where there are none, what stands for them elsewhere."""
        direct = [one for one in node if local(one) == name] if node is not None else []
        if direct:
            return direct
        known = {name.casefold(), *ALIASES[name]}
        near = [one for one in node if local(one).casefold() in known] if node is not None else []
        if near:
            return self._noted(near)
        return self._noted([one for alias in sorted(known) for one in self._by_name.get(alias, ())])

    def within(self, entry: Element, name: str) -> list[Element]:
        """Return the children ``name`` of the entry of an archive."""
        known = {name.casefold(), *ALIASES[name]}
        direct = [one for one in entry if local(one) == name]
        return direct or self._noted([one for one in entry if local(one).casefold() in known])

    def first(self, node: Element | None, name: str) -> Element | None:
        """Return the first of ``below``."""
        return next(iter(self.below(node, name)), None)

    def entries(self) -> list[Element]:
        """Return the entries of archives, wherever they stand."""
        lists = [one for one in self.root if local(one) == "Archives"]
        found = [one for each in lists for one in each if local(one) == "Archive"]
        return found or self._noted(self._by_name.get("archive", []))

    def _noted(self, found: list[Element]) -> list[Element]:
        for one in found[:1]:
            if one in self._named:
                continue
            self._named.add(one)
            above = one.getparent()
            place = f"{local(above)}/{local(one)}" if above is not None else local(one)
            self._judging.check("manifest-names", False, f"{self.where}:{one.sourceline}", place)
        return found

    def place(self, node: Element | None) -> str:
        """Return the place of an element: file and line."""
        return self.where if node is None else f"{self.where}:{node.sourceline}"
