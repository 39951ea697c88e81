"""Previews of pictures: small JPEG files that a page holds inside it, made by a process of its own."""
