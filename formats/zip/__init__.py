"""ZIP as PKWARE APPNOTE 6.3.10 describes it: its records, one strict reader with profiles, a stream writer."""
