"""What each kind of archive may contain, side by side: the one reader takes no other decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from formats.paths import MAX_NAME_BYTES
from formats.zip.records import (
    AES,
    DEFLATE_OPTIONS,
    DEFLATED,
    DESCRIPTOR_FOLLOWS,
    ENCRYPTED,
    MAX16,
    STORED,
    UNIX,
    UTF8,
    ZIP64_FIELD,
)


class Descriptors(Enum):
    """Which data descriptors (4.3.9) may follow a member that announces one."""

    NONE = auto()
    SIGNED = auto()
    """With its signature; sizes of 64 bits when the local header has a ZIP64 field, else of 32."""
    ANY = auto()
    """With a signature or without, with either width: writers differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedFields:
    """The one value of every field that APPNOTE leaves free: each header follows from name, sizes and CRC-32.

    ``version`` is what a reader needs for a member, ``version_64`` for one with a ZIP64 field or such an offset.
    """

    made_by: int
    version: int
    version_64: int
    time: int
    date: int
    attributes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What an archive of one kind may contain.

    ``flags`` may be set and ``required_flags`` must be. ``extra_fields`` are those a header may have, each once,
    and ``required_fields`` the content of those it must have. ``overhead`` is how many bytes a stored member grows
    by. ``members`` is the exact number of them, where there is one. Where ``checksums`` is false, every CRC-32 is 0.
    ``max_name`` and ``max_extra`` are bytes of the name and of all extra fields in one header.

    A ``tolerant`` profile is for archives that other programs write too: comments, extra fields but ZIP64's, dates,
    and what an end record says beside its ZIP64 form are skipped; members may lie in any order.
    Where there are ``fixed`` fields, every header is compared with the one that can stand there.
    """

    flags: int
    methods: frozenset[int]
    descriptors: Descriptors
    required_flags: int = 0
    extra_fields: frozenset[int] = frozenset()
    required_fields: Mapping[int, bytes] = field(default_factory=dict)
    overhead: int = 0
    members: int | None = None
    max_name: int = MAX16
    max_extra: int = MAX16
    checksums: bool = True
    tolerant: bool = False
    folders: bool = False
    fixed: FixedFields | None = None


EPOCH = (1 << 5) | 1
"""1 January 1980, the first DOS date (4.4.6): it says nothing of when somebody worked."""
FILE_0644 = 0o100644 << 16
"""External attributes of a regular file that anybody may read (4.4.15)."""

AES_FIELD = 0x9901
"""The extra field of WinZip AES."""
AE2_STORED = bytes.fromhex("0200 4145 03 0000")
"""Its content in a unit: AE-2, vendor "AE", 256 bits, stored inside."""
AES_OVERHEAD = 16 + 2 + 10
"""Bytes of salt, passphrase verifier and MAC, which a member under AES-256 has besides its ciphertext."""
TIME_FIELDS = frozenset({0x000A, 0x5455})
"""Extra fields with file times: 7-Zip writes them in the directory; without meaning in a unit."""

MAX_UNIT_EXTRA = 500
"""Bytes of the extra fields of one header of a unit; real ones take under 60."""

CONTAINER = Profile(
    flags=0,
    methods=frozenset({STORED}),
    descriptors=Descriptors.NONE,
    extra_fields=frozenset({ZIP64_FIELD}),
    max_name=MAX_NAME_BYTES,
    max_extra=32,
    fixed=FixedFields(
        made_by=(UNIX << 8) | 45, version=20, version_64=45, time=0, date=EPOCH, attributes=FILE_0644
    ),
)
"""A package (archive-format-1.md §3.1): every byte outside the members follows from names, sizes and CRC-32."""

UNIT = Profile(
    flags=ENCRYPTED | DESCRIPTOR_FOLLOWS,
    required_flags=ENCRYPTED,
    methods=frozenset({AES}),
    descriptors=Descriptors.SIGNED,
    extra_fields=frozenset({ZIP64_FIELD, AES_FIELD}) | TIME_FIELDS,
    required_fields={AES_FIELD: AE2_STORED},
    overhead=AES_OVERHEAD,
    members=1,
    max_extra=MAX_UNIT_EXTRA,
    checksums=False,
)
"""A sealed unit (archive-format-1.md §4.3): one member under AE-2 with 256 bits, stored."""

PLAIN_ARCHIVE = Profile(
    flags=DESCRIPTOR_FOLLOWS | UTF8 | DEFLATE_OPTIONS,
    methods=frozenset({STORED, DEFLATED}),
    descriptors=Descriptors.ANY,
    tolerant=True,
    folders=True,
)
"""The archive of a dossier (patient-archive.md §3), ours or one that another program packed again."""
