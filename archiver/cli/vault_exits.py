"""The exit status of every failure of a vault and its storages; ``archiver.cli.exits`` has the others."""

from __future__ import annotations

VAULT_STATUS_OF_CODE: dict[str, int] = {
    "storage-unreachable": 80,
    "storage-refused": 80,
    "storage-object-missing": 80,
    "storage-object-exists": 81,
    "storage-object-locked": 81,
    "storage-digest-mismatch": 82,
    "storage-lock-unheld": 82,
    "storage-clock-differs": 82,
    "storage-address-invalid": 2,
    "storage-credentials-unusable": 23,
    "parity-failed": 53,
    "vault-object-damaged": 82,
    "vault-copy-damaged": 87,
    "storage-foreign": 80,
    "storage-occupied": 81,
    "not-a-vault": 83,
    "vault-newer": 83,
    "vault-invalid": 83,
    "catalogue-unreadable": 84,
    "vault-busy": 57,
    "vault-object-unknown": 39,
    "depositor-unknown": 39,
    "hosting-unexplained": 70,
    "deposit-unproven": 88,
    "deposit-unpacked": 40,
    "deposit-changed": 40,
    "deposit-duplicate": 85,
    "deposit-differs": 86,
}
