"""SIGN.XML of a portability archive under examination (PDLGC §5): XML-DSig read strictly, its digests, its value."""
