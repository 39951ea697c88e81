"""Contents of files, as far as a remark or a date of theirs needs them."""
