"""Pictures, documents and models of a dossier that are no DICOM files, made DICOM objects whose bulk is as it was."""
