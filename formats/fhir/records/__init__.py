"""The resources of each kind of record, described for both directions."""
