"""What a package and a set say of themselves in JSON: written, and read strictly."""
