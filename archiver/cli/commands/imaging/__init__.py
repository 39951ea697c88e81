"""Commands that take images from the network."""
