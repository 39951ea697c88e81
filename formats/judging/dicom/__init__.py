"""The judge of DICOM files and file-sets: file meta information, attributes that images must have, the directory."""
