"""Options that several commands take, and what is read from where they point."""
