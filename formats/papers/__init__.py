"""A folder of letters, scans and pictures with a list that says whose they are."""
