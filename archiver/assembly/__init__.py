"""From dossiers to packages: units sealed, volumes filled and closed, keyrings written."""
