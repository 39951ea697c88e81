"""How fast, how large, how much memory: ours and the peers in one run. Reports; judges nothing."""
