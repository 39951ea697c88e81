"""The ZIP frame of a sealed unit: pyzipper with our own cipher; the only place that imports pyzipper.

pyzipper lays out headers, descriptor and directory. Its cipher is replaced
through ``get_encrypter``; its member writer too, because it takes a CRC of the
plaintext that AE-2 does not keep, and copies every block.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from pyzipper import WZ_AES, ZIP_STORED, AESZipFile
from pyzipper.zipfile import _ZipWriteFile  # no public name; pinned below 0.5
from pyzipper.zipfile_aes import WZ_AES_V2, WZ_AES_VENDOR_ID, AESZipInfo, BaseZipEncrypter

from archiver.sealing.keystream import STEP, Keystream
from archiver.sealing.winzip_aes import derive, truncated

VERSION_NEEDED = 51
"""ZIP 5.1: AES encryption (APPNOTE 4.4.3.2); implies ZIP64."""
UNIX = 3
"""The system a member says it comes from, the same wherever it is made (APPNOTE 4.4.2.2)."""
UNKNOWN = 0xFFFFFFFF
"""A size that stands in the ZIP64 field, or not yet anywhere (APPNOTE 4.4.8)."""


class UnitEncrypter(BaseZipEncrypter):  # type: ignore[misc]
    """Encrypts one member and hashes its plaintext on the way."""

    def __init__(self, passphrase: str, salt: bytes) -> None:
        keys = derive(passphrase, salt)
        self._keystream = Keystream(keys.cipher)
        self._mac = keys.new_mac()
        self._start = salt + keys.verifier
        self.plain = sha256()

    def update_zipinfo(self, zipinfo: AESZipInfo) -> None:
        """Say in the member's headers that it is AE-2 with 256 bits."""
        zipinfo.wz_aes_vendor_id = WZ_AES_VENDOR_ID
        zipinfo.wz_aes_strength = 3
        zipinfo.wz_aes_version = WZ_AES_V2

    def finalize_zipinfo(self, zipinfo: AESZipInfo) -> None:
        """Nothing is learnt late."""

    def encryption_header(self) -> bytes:
        """Return salt and verifier."""
        return self._start

    def encrypt(self, data: bytes | memoryview) -> memoryview | bytes:
        """Return at most :data:`STEP` bytes encrypted; they live until the next call."""
        if not data:
            return b""
        self.plain.update(data)
        sealed = self._keystream.apply(data)
        self._mac.update(sealed)
        return sealed

    def flush(self) -> bytes:
        """Return the MAC."""
        return truncated(self._mac)


class _UnitMember(_ZipWriteFile):  # type: ignore[misc]
    def write(self, data: bytes | memoryview) -> int:
        view = memoryview(data)
        for start in range(0, len(view), STEP):
            sealed = self._encrypter.encrypt(view[start : start + STEP])
            self._compress_size += len(sealed)
            self._fileobj.write(sealed)
        self._file_size += len(view)
        return len(view)


class _UnitInfo(AESZipInfo):  # type: ignore[misc]
    def encode_local_header(self, **fields: Any) -> bytes:
        fields |= {"extract_version": VERSION_NEEDED, "compress_size": UNKNOWN, "file_size": UNKNOWN}
        header: bytes = super().encode_local_header(**fields)
        return header

    def encode_central_directory(self, **fields: Any) -> tuple[bytes, bytes, bytes]:
        fields |= {"extract_version": VERSION_NEEDED, "create_version": VERSION_NEEDED, "create_system": UNIX}
        entry: tuple[bytes, bytes, bytes] = super().encode_central_directory(**fields)
        return entry


class UnitZip(AESZipFile):  # type: ignore[misc]
    """A ZIP of one stored AE-2 member, written front to back.

    ``target`` must not offer ``tell``: pyzipper then writes a data descriptor
    instead of going back, and counts offsets from the unit's own start.
    """

    zipwritefile_cls = _UnitMember

    def __init__(self, target: Any, encrypter: UnitEncrypter) -> None:
        super().__init__(target, "w", compression=ZIP_STORED, encryption=WZ_AES)
        self._unit_encrypter = encrypter

    def __del__(self) -> None:
        """Leave an unfinished unit unfinished; the inherited finaliser would complain about it."""

    def get_encrypter(self) -> UnitEncrypter:
        """Give pyzipper our cipher."""
        return self._unit_encrypter

    def open_member(self, name: str) -> Any:
        """Open the one member; its date is 1980-01-01, its sizes always in ZIP64 fields."""
        return self.open(_UnitInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), "w", force_zip64=True)
