"""What the ``mapping`` commands do."""
