"""Lists that people write in a spreadsheet."""
