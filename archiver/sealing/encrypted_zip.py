"""A ZIP of many members, each under AE-2 with 256 bits (WinZip AES), for one passphrase that a person types.

Names, sizes and dates of members are not encrypted: whoever writes one chooses names that say nothing.
"""

from __future__ import annotations

from datetime import datetime

from isal import isal_zlib

from archiver.sealing.age.wrapping import Randomness
from archiver.sealing.unit import ATTRIBUTES, MADE_BY, VERSION_NEEDED, Ciphertext, new_salt
from archiver.sealing.winzip_aes import derive, truncated_mac
from formats.target import Target, write_all
from formats.zip.errors import MemberTwice
from formats.zip.headers import (
    ZIP64_VERSION,
    StatedSizes,
    central_header,
    data_descriptor,
    end_records,
    local_header,
)
from formats.zip.packing import LEVEL, MEMORY
from formats.zip.profile import AES_FIELD, AES_OVERHEAD
from formats.zip.records import AES, DEFLATED, DESCRIPTOR_FOLLOWS, ENCRYPTED, FIELD, UTF8
from formats.zip.writer import dos_stamp

AE2_DEFLATED = bytes.fromhex("0200 4145 03 0800")
"""Content of the field of WinZip AES: AE-2, vendor "AE", 256 bits, deflated inside."""
_FIELD = FIELD.pack(AES_FIELD, len(AE2_DEFLATED)) + AE2_DEFLATED


class EncryptedZip:
    """Writes members one after the other, each deflated and encrypted; ``close`` writes the directory.

    Raises:
        KeyUnreadable: when the passphrase is empty or too long, with the first member.
    """

    def __init__(self, target: Target, *, passphrase: str, randomness: Randomness, when: datetime) -> None:
        self._target = target
        self._passphrase = passphrase
        self._randomness = randomness
        self._stamp = dos_stamp(when)
        self._members: dict[bytes, tuple[StatedSizes, int]] = {}
        self.size = 0

    def begin(self, name: str, /, *, size: int = 0) -> EncryptedMember:  # noqa: ARG002 - stated behind each
        """Begin a member, to be written and then ended; only one is open at a time.

        Raises:
            MemberTwice: for a name that was written before.
        """
        encoded = name.encode("utf-8")
        if encoded in self._members:
            raise MemberTwice(name=name)
        return EncryptedMember(self, encoded)

    def add_whole(self, name: str, data: bytes, /) -> None:
        """Write a member at once; otherwise as ``begin``."""
        member = self.begin(name)
        member.write(data)
        member.end()

    def finish(self) -> int:
        """Leave the archive open: other records of the person may follow."""
        return self.size

    def close(self) -> int:
        """Write the directory, and return the length of the archive in bytes."""
        start = self.size
        for member, offset in self._members.values():
            self.write(
                central_header(member, made_by=MADE_BY, attributes=ATTRIBUTES, offset=offset, extra=_FIELD)
            )
        self.write(end_records(len(self._members), start, self.size - start, made_by=ZIP64_VERSION))
        return self.size

    def write(self, data: bytes | memoryview, /) -> int:
        """Pass bytes on, and count them."""
        write_all(self._target, data)
        self.size += len(data)
        return len(data)

    def open_ciphertext(self, name: bytes) -> tuple[Ciphertext, int]:
        """Write the header of a member under a key of its own; return what encrypts it, and where it begins."""
        offset, salt = self.size, new_salt(self._randomness)
        keys = derive(self._passphrase, salt)
        # Sizes are unknown yet; the ZIP64 field says that the descriptor has 64-bit ones (4.3.9.2).
        self.write(local_header(self._stated(name, 0, 0), zip64=(0, 0), extra=_FIELD))
        self.write(salt + keys.verifier)
        return Ciphertext(self, keys), offset

    def close_ciphertext(self, name: bytes, ciphertext: Ciphertext, offset: int, size: int) -> None:
        """Write the MAC and the descriptor of a member of ``size`` plain bytes, and list it."""
        self.write(truncated_mac(ciphertext.mac))
        member = self._stated(name, ciphertext.size + AES_OVERHEAD, size)
        self.write(data_descriptor(member, zip64=True))
        self._members[name] = member, offset

    def _stated(self, name: bytes, packed: int, size: int) -> StatedSizes:
        """Return what the headers state; AE-2 keeps no CRC-32."""
        flags = ENCRYPTED | DESCRIPTOR_FOLLOWS | (0 if name.isascii() else UTF8)
        return StatedSizes(name, VERSION_NEEDED, flags, AES, *self._stamp, 0, packed, size)


class EncryptedMember:
    """A member that is being written: deflated, then encrypted."""

    def __init__(self, archive: EncryptedZip, name: bytes) -> None:
        self._archive = archive
        self._name = name
        self._ciphertext, self._offset = archive.open_ciphertext(name)
        self._packer = isal_zlib.compressobj(LEVEL, DEFLATED, -15, MEMORY)
        self._size = 0

    def write(self, data: bytes | memoryview, /) -> int:
        """Take ``data``, and return its length in bytes."""
        self._size += len(data)
        if packed := self._packer.compress(data):
            self._ciphertext.write(packed)
        return len(data)

    def end(self) -> None:
        """End the member; nothing more can be written to it."""
        self._ciphertext.write(self._packer.flush())
        self._archive.close_ciphertext(self._name, self._ciphertext, self._offset, self._size)
