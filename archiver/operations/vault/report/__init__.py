"""Report of an audit as a page: what is verified, what was damaged and what was done about it, what ends."""
