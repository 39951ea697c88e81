"""MANIFEST.XML of a portability archive under examination (PDLGC §4): its elements, its values, what it lists."""
