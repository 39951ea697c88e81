"""README.TXT of an archive, as texts with places for what differs, and how it is made of them."""
