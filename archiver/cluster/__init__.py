"""Clusters of machines that do the work of one command together."""
