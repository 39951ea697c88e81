"""What is asked of the journal of a vault: whether it is whole, what it says, and whether another one is."""
