"""The ZIP records of a package, and the one value each of their fields may have.

APPNOTE.TXT 6.3.10. A package uses so little of ZIP that every byte outside the
members follows from names, sizes and CRCs; that is what lets a reader refuse
any other byte.
"""

from __future__ import annotations

from struct import Struct

LOCAL = Struct("<4s5H3I2H")
"""Signature, version needed, flags, method, time, date, CRC-32, packed and plain size, name and extra
length (4.3.7)."""
CENTRAL = Struct("<4s6H3I5H2I")
"""As LOCAL with version made by; then comment length, disk, internal and external attributes, offset of
the local header (4.3.12)."""
END64 = Struct("<4sQ2H2I4Q")
"""ZIP64 end of central directory record (4.3.14)."""
LOCATOR64 = Struct("<4sI Q I")
"""ZIP64 end of central directory locator (4.3.15)."""
END = Struct("<4s4H2IH")
"""End of central directory record (4.3.16)."""
EXTRA = Struct("<2H")
"""Identifier and length of an extra field (4.5)."""
SIZE64 = Struct("<Q")

LOCAL_SIGNATURE = b"PK\x03\x04"
CENTRAL_SIGNATURE = b"PK\x01\x02"
END64_SIGNATURE = b"PK\x06\x06"
LOCATOR64_SIGNATURE = b"PK\x06\x07"
END_SIGNATURE = b"PK\x05\x06"

MAX16 = 0xFFFF
MAX32 = 0xFFFFFFFF
"""The value that says: look in the ZIP64 field."""
ZIP64_EXTRA = 1
LOCAL_EXTRA_BYTES = EXTRA.size + 2 * SIZE64.size
"""A local ZIP64 field always carries both sizes (4.5.3)."""

FLAGS = 0
"""Not encrypted, sizes in the header and not behind the data, names in ASCII."""
STORED = 0
DOS_TIME = 0
DOS_DATE = (1 << 5) | 1
"""1 January 1980: a date says when somebody worked, which is nobody's business."""
VERSION = 20
VERSION64 = 45
MADE_BY = (3 << 8) | VERSION64
"""Unix, so that the attributes below are read as a mode."""
ATTRIBUTES = 0o100644 << 16
"""A regular file anybody may read; the content is sealed."""
END64_LENGTH = END64.size - 12
"""What the ZIP64 end record states as its own length (4.3.14.1)."""
