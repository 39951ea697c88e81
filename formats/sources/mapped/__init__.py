"""The mapped source: any practice software's tables, read as one declarative file (TOML) says."""
