"""SEDA 2.3 (NF Z44-022): a transfer of sealed files to a French archiving system, and the ZIP that carries it."""
