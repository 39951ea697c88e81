"""How an archive departs from its profile, by the steps of ``formats.zip.reader``."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from formats.errors import Failure


class Departure(Enum):
    """What was found; each kind of archive has its own sentence for it."""

    TRUNCATED = auto()
    """It ends before something that should be there does; in any step."""
    # 1. the end of the central directory
    NO_END = auto()
    TWO_ENDS = auto()
    END_COMMENT = auto()
    DISKS = auto()
    COUNTS_DIFFER = auto()
    MEMBER_COUNT = auto()
    NO_END_64 = auto()
    END_64_MALFORMED = auto()
    END_64_NEEDLESS = auto()
    ENDS_DISAGREE = auto()
    DIRECTORY_ELSEWHERE = auto()
    # 2. entries of the directory
    DIRECTORY_SHORT = auto()
    DIRECTORY_LONG = auto()
    ENTRY_SIGNATURE = auto()
    ENTRY_LONG = auto()
    ENTRY_COMMENT = auto()
    ENTRY_FIXED = auto()
    ENCRYPTION = auto()
    DESCRIPTOR_FLAG = auto()
    FLAGS = auto()
    METHOD = auto()
    FILE_TYPE = auto()
    CHECKSUM = auto()
    EXTRA_MALFORMED = auto()
    EXTRA_FOREIGN = auto()
    EXTRA_REQUIRED = auto()
    ZIP64_FIELD = auto()
    ZIP64_NEEDLESS = auto()
    FOLDER_SIZE = auto()
    SIZES_DIFFER = auto()
    # 3. names
    NAME_ZERO = auto()
    NAME_NOT_UTF8 = auto()
    NAME_TWICE = auto()
    FILE_AND_FOLDER = auto()
    # 5. local headers, descriptors, and where members lie
    FIRST_MISPLACED = auto()
    MEMBER_MISPLACED = auto()
    MEMBER_IN_DIRECTORY = auto()
    DIRECTORY_MISPLACED = auto()
    LOCAL_SIGNATURE = auto()
    LOCAL_LONG = auto()
    LOCAL_HEADER = auto()
    LOCAL_ZIP64 = auto()
    FIRST_ZIP64 = auto()
    DESCRIPTOR = auto()


Refusal = Callable[[Departure, str], Failure]
"""Returns the failure to be raised for a departure at a member, or at none."""
