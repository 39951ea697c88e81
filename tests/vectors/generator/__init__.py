"""A second implementation of the package format, made to write what no honest program writes.

It knows the published standards and our format description, and neither of
the two packages it tests. Everything grows from fixed seeds: the same corpus
comes out every time.
"""
