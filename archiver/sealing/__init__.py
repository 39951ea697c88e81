"""Who can read: age key files, sealed units, and the keyring that joins them."""
