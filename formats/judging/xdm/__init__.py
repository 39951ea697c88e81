"""The judge of media of documents (IHE XDM) and of their metadata (ebRIM)."""
