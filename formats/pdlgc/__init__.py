"""The plain archive of one patient, and of the practice as a whole, after the French portability draft.

What is written here goes beyond the draft where it is silent: a FHIR bundle,
the source rows word for word, the original files and a DICOM file-set. The
folder ``page`` makes INDEX.HTM, the part a person reads.
"""
