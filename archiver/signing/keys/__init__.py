"""The key of a signer: in a file or on a device, and whether readers will accept its certificate."""
