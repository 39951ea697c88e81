"""What a package carries of earlier ones: its own revisions, and the packages its units were taken from."""
