"""What people decide about dossiers, written down with who, when and why; nothing of it is ever deleted."""
