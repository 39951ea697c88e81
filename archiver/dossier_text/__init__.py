"""Text of a dossier: what a page shows in a browser, for a terminal of some eighty columns."""
