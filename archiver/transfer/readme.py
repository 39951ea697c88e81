"""The page in every package that says what it is; anybody may read it."""

from __future__ import annotations

PAGE = """\
ARCHIVE DE DOSSIERS DE PATIENTS, SCELLÉE
========================================
Ce fichier est un conteneur signé ASiC-E (ETSI EN 319 162-1) : un ZIP ordinaire.
Il contient des dossiers médicaux chiffrés, un par patient. Personne ne peut les
lire sans la clé de leur destinataire, pas même le service qui conserve l'archive.

  manifest.json        qui a transmis quoi à qui ; aucun nom de patient
  units/               un dossier chiffré par fichier (ZIP AES-256)
  keyring.age          les mots de passe des dossiers, chiffrés pour le destinataire (age v1)
  SHA256SUMS           les empreintes de tout : sha256sum -c SHA256SUMS
  META-INF/            la liste signée et la signature (CAdES)

Vérifier la signature, avec le certificat que l'expéditeur vous a remis (roots.pem) :

  openssl cms -verify -binary -cades -inform DER -in META-INF/signature001.p7s \\
    -content META-INF/ASiCManifest001.xml -CAfile roots.pem -purpose any -out /dev/null

Un certificat finit avant l'archive : une fois le sien expiré, demander ce qu'il valait
à la date de la signature en ajoutant  -attime SECONDES  (secondes depuis 1970).

Ouvrir : déchiffrer keyring.age avec « age » (1.3 ou plus récent) et votre identité ;
chaque ligne donne le mot de passe d'un dossier ; l'ouvrir avec 7-Zip, puis ouvrir
le ZIP qu'il contient et, dedans, INDEX.HTM.

SEALED ARCHIVE OF PATIENT RECORDS
=================================
This file is a signed ASiC-E container (ETSI EN 319 162-1): an ordinary ZIP.
It holds encrypted medical records, one per patient. Nobody can read them without
the recipient's key, the company that keeps the archive included.

  manifest.json        who handed what to whom; no patient's name
  units/               one encrypted record per file (AES-256 ZIP)
  keyring.age          the records' passphrases, encrypted for the recipient (age v1)
  SHA256SUMS           the digests of everything: sha256sum -c SHA256SUMS
  META-INF/            the signed list and the signature (CAdES)

To check the signature, with the certificate the sender gave you (roots.pem), run the
openssl command above. Certificates end before archives do: once this one has expired,
ask what it was worth when it signed by adding  -attime SECONDS  (seconds since 1970).

To open: decrypt keyring.age with "age" (1.3 or newer) and your identity; each line
gives the passphrase of one record; open that with 7-Zip, then the ZIP inside it and,
in there, INDEX.HTM.
"""


def package_readme() -> bytes:
    """Return the page as UTF-8 with a byte order mark and the line ends every system shows."""
    return PAGE.replace("\n", "\r\n").encode("utf-8-sig")
