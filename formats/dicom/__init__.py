"""DICOM: studies read from folders and discs, and file-sets written (PS3.3, PS3.5, PS3.10)."""
