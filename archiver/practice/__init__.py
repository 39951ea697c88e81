"""The practice store: one SQLite file and a folder of attachments beside it."""
