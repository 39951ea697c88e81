"""What lies in a package so that a stranger can open it by hand: pages, read-me, programs."""
