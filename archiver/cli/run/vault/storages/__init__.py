"""What ``archiver vault storage`` and ``archiver backup storage`` do and print."""
