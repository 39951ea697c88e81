"""Where everything lies in an archive; the names are those of ISO 9660 level 1 (8.3, A–Z 0–9 _).

An ending has three letters there, so ``.json`` is cut to ``JSO`` and
``.ndjson`` to ``NDJ``, as a DOS file system cuts them.
"""

from __future__ import annotations

README = "README.TXT"
INDEX = "INDEX.HTM"
DICOMDIR = "DICOMDIR"
"""At the root, where PS3.10 section 8 and IHE PDI want it."""

DOSSIER = "DATA/DOSSIER.JSO"
PRACTICE = "DATA/PRACTICE.JSO"
SOURCE = "DATA/SOURCE.NDJ"
NAMES = "DATA/NAMES.CSV"
UNIT = "DATA/UNIT.JSO"
"""Which unit of a package the archive is; not there in an archive that is none."""
ROSTER = "DATA/ROSTER.CSV"
LEFT_OUT = "DATA/LEFTOUT.CSV"
TERMS = "DATA/TERMS.CSV"
SIGNATURES = "DATA/SIGNED.CSV"
MISSING = "DATA/MISSING.CSV"
RETENTION = "DATA/RETAIN.CSV"
SUMS = "DATA/SHA256.TXT"
