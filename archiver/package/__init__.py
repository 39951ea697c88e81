"""The container: what lies where in a package, how it is built, examined and opened."""
