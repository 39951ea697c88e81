"""What ``vault due``, ``hold``, ``lift`` and ``destroy`` print."""
