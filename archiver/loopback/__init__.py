"""A web server for one browser on this machine, which shows and changes nothing (127.0.0.1 alone)."""
