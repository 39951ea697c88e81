"""Archival and transfer of dental practice records: collect, export, verify, import."""

__version__ = "0.1.0"
