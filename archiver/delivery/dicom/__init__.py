"""Dossiers as DICOM files: a file-set in a folder, a DICOMweb server; what of a dossier goes."""
