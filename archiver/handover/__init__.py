"""What changes hands: identities, keyring lines, receipts, and the opening of what was handed over."""
