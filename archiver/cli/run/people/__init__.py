"""What the ``people`` commands do."""
