"""Address of a node: application entity title (PS3.8, 9.3.2), host and port."""

from __future__ import annotations

import re
from dataclasses import dataclass

TITLE = "ARCHIVER"
"""Application entity title of this program."""

_TITLE = r"[ -\[\]-~]{1,16}"
_ADDRESS = re.compile(
    rf"(?P<title>{_TITLE})@(?P<host>\[[0-9a-fA-F:]+\]|[^\[\]@:/\s]+):(?P<port>[0-9]{{1,5}})"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeAddress:
    """Where a node is, and its application entity title."""

    title: str
    host: str
    port: int

    @property
    def text(self) -> str:
        """The address as it is typed."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.title}@{host}:{self.port}"


def parse_node_address(text: str) -> NodeAddress | None:
    """Return the node at ``TITLE@HOST:PORT``; ``None`` when it is no such address."""
    found = _ADDRESS.fullmatch(text)
    if not found or not found["title"].strip() or not 0 < int(found["port"]) < 1 << 16:
        return None
    return NodeAddress(title=found["title"].strip(), host=found["host"].strip("[]"), port=int(found["port"]))


def is_title(text: str) -> bool:
    """Tell whether ``text`` is an application entity title: 16 characters at most, not all of them spaces."""
    return re.fullmatch(_TITLE, text) is not None and bool(text.strip())
