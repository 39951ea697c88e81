"""What is read, written and checked, by name: sources that are collected, and forms of one file."""

from formats.registry.forms import FORMS, FileForm, checker_for, writer_for
from formats.registry.sources import SOURCES, coverage_of, reader_for, recognize, source_named, source_title

__all__ = [
    "FORMS",
    "SOURCES",
    "FileForm",
    "checker_for",
    "coverage_of",
    "reader_for",
    "recognize",
    "source_named",
    "source_title",
    "writer_for",
]
