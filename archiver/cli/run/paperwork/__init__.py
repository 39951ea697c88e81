"""What the ``paperwork`` commands do."""
