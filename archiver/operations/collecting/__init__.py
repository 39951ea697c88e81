"""Collecting: from practice and imaging software, folders and media into the practice store."""
