"""What ``deliver`` does: a module for each form, and one for a target on the network."""
