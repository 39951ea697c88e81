"""Straight-line writers and readers, made from the descriptions of the records.

``python -m formats.fhir.codegen acts`` prints those of a kind. They take what nearly
every record is: values that FHIR can show whole, in the order in which we write
them. Whatever else comes, they leave to the descriptions themselves.
"""
