"""Where a key lies on a device: the PKCS#11 URI (RFC 7512)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote_to_bytes

from archiver.signing.errors import DeviceAddressInvalid
from formats.words import mark

SCHEME = "pkcs11:"
MAX_ADDRESS = 2048
"""Characters of a URI; a label is at most 32."""

_PATH = frozenset({"token", "serial", "manufacturer", "model", "object", "id", "type"})
"""Path attributes that choose a token or an object on it (RFC 7512, 2.3)."""
_QUERY = frozenset({"pin-source", "module-path"})


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceAddress:
    """Which token, and which key on it; what is empty may be anything.

    ``pin_source`` is the file whose first line is the PIN, ``module`` the
    library that speaks with the device (PKCS#11).
    """

    token: str = ""
    serial: str = ""
    manufacturer: str = ""
    model: str = ""
    label: str = ""
    id: bytes = b""
    pin_source: Path | None = None
    module: Path | None = None

    @property
    def text(self) -> str:
        """How people call the place."""
        return self.token or self.serial or self.model or self.manufacturer or SCHEME


def is_device_address(text: str) -> bool:
    """Say whether ``text`` is meant as the address of a key on a device."""
    return text.startswith(SCHEME)


def read_device_address(text: str) -> DeviceAddress:
    """Return what the URI ``text`` says.

    Raises:
        DeviceAddressInvalid: when it breaks RFC 7512, says something twice or that is not known
            here, or holds a PIN, which every program of the machine could read.
    """
    if not is_device_address(text) or len(text) > MAX_ADDRESS:
        _refuse(mark("it does not begin with pkcs11:"))
    path, _, query = text.removeprefix(SCHEME).partition("?")
    named = _pairs(path, ";", _PATH)
    asked = _pairs(query, "&", _QUERY)
    if named.get("type", b"private") not in {b"private", b"cert"}:
        _refuse(mark("it names something else than a key"))
    return DeviceAddress(
        token=_text(named, "token"),
        serial=_text(named, "serial"),
        manufacturer=_text(named, "manufacturer"),
        model=_text(named, "model"),
        label=_text(named, "object"),
        id=named.get("id", b""),
        pin_source=_file(_text(asked, "pin-source")),
        module=_file(_text(asked, "module-path")),
    )


def _pairs(text: str, separator: str, known: frozenset[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part in filter(None, text.split(separator)):
        name, sign, value = part.partition("=")
        if name == "pin-value":
            _refuse(mark("a PIN does not belong there; put it in a file"))
        if not sign or name not in known:
            _refuse(mark("it says something that is not known here"))
        if name in found:
            _refuse(mark("it says one thing twice"))
        found[name] = unquote_to_bytes(value)
    return found


def _text(found: dict[str, bytes], name: str) -> str:
    try:
        return found.get(name, b"").decode("utf-8")
    except UnicodeDecodeError as fault:
        raise DeviceAddressInvalid(reason=mark("it holds something that is no text")) from fault


def _file(text: str) -> Path | None:
    """Return a path, also from a ``file:`` URI (RFC 7512, 2.4); programs that print a PIN are not run."""
    if not text:
        return None
    if text.startswith("|"):
        _refuse(mark("it names a program; only files are read"))
    return Path(text.removeprefix("file://").removeprefix("file:"))


def _refuse(reason: str) -> NoReturn:
    raise DeviceAddressInvalid(reason=reason)
