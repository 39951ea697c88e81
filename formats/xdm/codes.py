"""Identifiers of the metadata of a medium.

Sources: IHE ITI TF-3, tables 4.2.5.2 and 4.3.1; ANS, CI-SIS *Volet Partage de documents de santé*.
"""

from __future__ import annotations

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"

SUBMISSION_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
SUBMISSION_AUTHOR = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
SUBMISSION_CONTENT = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
SUBMISSION_PATIENT = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
SUBMISSION_SOURCE = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
SUBMISSION_UNIQUE = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"

DOCUMENT_ENTRY = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
"""objectType of a document that does not change (IHE ITI TF-3, 4.2.5.1)."""
DOCUMENT_AUTHOR = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
DOCUMENT_CLASS = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
DOCUMENT_TYPE = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
DOCUMENT_CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
DOCUMENT_FORMAT = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
DOCUMENT_FACILITY = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
DOCUMENT_SETTING = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
DOCUMENT_PATIENT = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
DOCUMENT_UNIQUE = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"

REPLACES = frozenset({"RPLC", "XFRM_RPLC"})
"""Associations whose source takes the place of their target (IHE ITI TF-3, 4.2.2.2)."""
ADDS = frozenset({"APND", "XFRM", "signs"})
"""Associations whose source stands beside their target."""
MEMBER = "HasMember"
DEPRECATED = "Deprecated"
WITHDRAWN = "D"
"""Value of the slot ``urn:action:extraMetadataSlot`` by which a French sender withdraws a document."""
