"""Media of clinical documents (IHE XDM) as French practices exchange them: read."""
