"""Judge what anybody wrote, without a key and without a store: archives, media, documents, images."""
