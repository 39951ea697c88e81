"""Sources that are described rather than programmed: one folder for each way to describe them."""
