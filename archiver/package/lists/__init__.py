"""The lists over the members of a package: ASiC manifests, digests, SHA256SUMS."""
