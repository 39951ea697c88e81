"""Vault: packages preserved for decades in OCFL, on several storages, proven and found again without any key."""
