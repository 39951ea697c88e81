"""Readable copies (PDF/A-1) of the documents of an archive, one of each (PDLGC 0.1.0, folder ``PDF``)."""
