"""Judging a SEDA transfer by the schemas of the Archives de France."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from tests.material import material

NAMES = {"s": "fr:gouv:culture:archivesdefrance:seda:v2.3"}


class _Beside(etree.Resolver):
    """Finds what a schema includes beside it, whatever address it names."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(self, system_url: str, _public_id: str, context: Any) -> Any:
        found = self._folder / system_url.rsplit("/", 1)[-1]
        return self.resolve_filename(str(found), context) if found.exists() else None


@cache
def schema() -> etree.XMLSchema:
    """Return the schema of SEDA 2.3; compiled once."""
    path = material("seda", "xsd", "seda-2.3-main.xsd")
    parser = etree.XMLParser()
    parser.resolvers.add(_Beside(path.parent))
    return etree.XMLSchema(etree.parse(str(path), parser))


def seda_faults(manifest: bytes) -> list[str]:
    """Return what the schema has against ``manifest.xml``."""
    judge = schema()
    judge.validate(etree.fromstring(manifest))
    return [f"{one.line}: {one.message}" for one in judge.error_log]
