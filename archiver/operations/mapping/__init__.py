"""What is done with a mapping by itself: checked, and its tests run."""
