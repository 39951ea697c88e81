"""DICOM network: application entities that send, list and give images (PS3.4, PS3.8), and DICOMweb servers (PS3.18)."""
