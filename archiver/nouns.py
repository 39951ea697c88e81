"""What sentences count, where one sentence counts more than one thing."""

from __future__ import annotations

from formats.words import plural

CARDS = plural("{count} card", "{count} cards")
CHAINS = plural("{count} chain", "{count} chains")
DOSSIERS = plural("{count} dossier", "{count} dossiers")
FILES = plural("{count} file", "{count} files")
PACKAGES = plural("{count} package", "{count} packages")
PARTS = plural("{count} part", "{count} parts")
ROWS = plural("{count} row", "{count} rows")
SEALED_UNITS = plural("{count} sealed unit", "{count} sealed units")
STAMPS = plural("{count} time-stamp", "{count} time-stamps")
TABLES = plural("{count} table", "{count} tables")
VOLUMES = plural("{count} volume", "{count} volumes")
