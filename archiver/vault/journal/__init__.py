"""Journal of a vault: every act in a transparency log (C2SP tlog-tiles) that lies on every storage."""
