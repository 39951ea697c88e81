"""Who says so: a signer's key, the signature over a package, and whom a reader accepts."""
