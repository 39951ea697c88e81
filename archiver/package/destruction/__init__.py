"""Units taken out of a finished package at the end of their term, and the statement that stays (format 1, 11.6)."""
