"""Hand over dossiers: to people, as tables, to a target on the network, as the archives of standards."""
