"""The French portability guide (ANS, *Portabilité des données LGC*) as we write it: all that depends on its text.

Another text is another profile: whoever follows it changes this module. Sections are those of the guide 0.1.0.
"""

from __future__ import annotations

import re

PROFILE = "pdlgc-0.1.0"
GUIDE = "ans.fhir.fr.pdlgc 0.1.0, 2026-09-30"
"""Package, version and date of the text; all that is in it is a draft."""

# -- an export as a whole -----------------------------------------------------------------

EXPORT_TIME = "PA%Y%m%dT%H%M%S.ZIP"
"""Name of an export by its moment, on the clock of whoever makes it."""
MANIFEST, SIGNATURE = "MANIFEST.XML", "SIGN.XML"
DOCUMENTATION = "DOCUMENTATION"
TRANSVERSE, TRANSVERSE_ARCHIVE, TRANSVERSE_FOLDER = "TRANSV", "TRANSVERSE.ZIP", "TRANSVERSE"
"""What the manifest, the file and the folder within it call the part about the practice."""
PATIENT_STEM = "PAT"
MAX_PATIENTS = 99_999
"""Patients of one export: ``PATnnnnn`` has five digits."""

# -- a patient's archive ------------------------------------------------------------------

MEDIUM = "IHE_XDM"
SUBSET = f"{MEDIUM}/SUBSET01"
METADATA = f"{SUBSET}/METADATA.XML"
SUBSET_NAME = re.compile(r"[A-Z0-9_]{1,8}(\.[A-Z0-9_]{1,3})?", re.ASCII)
"""Folders and files of the medium (ISO 9660 level 1); no other part has to be called so."""
MAX_SUBSET_DOCUMENTS = 4_999
"""Documents of one subset: the metadata have two objects for each, and a reader takes 10,000 (their names have five
digits, which would be enough for 99,999)."""
TWINS = "PDF"
"""Folder of the readable copies (PDF/A-1), one of each document of the subset; in an archive that is handed over."""
MAX_TWIN_TYPE = 40
"""Characters of the type of a document in the name of its readable copy."""
README_HEADINGS = (
    "Fournisseur Sortant :", "Application de l'editeur emetteur :", "Instructions :", "Arborescence :"
)  # fmt: skip
"""Headings of README.TXT in the guide's example, in 7 bits; each is underlined with ``=``."""

# -- identifiers --------------------------------------------------------------------------

SYSTEM_OID = "1.2.250.1.71.4.2.1"
"""Arc of SystIdNat: who made a program, ``/``, its number among theirs."""
