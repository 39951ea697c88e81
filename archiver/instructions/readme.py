"""The page in every package that says what it is; anybody may read it."""

from __future__ import annotations

PAGE = """\
ARCHIVE DE DOSSIERS DE PATIENTS, SCELLÉE
========================================
Ce fichier est un conteneur signé ASiC-E (ETSI EN 319 162-1) : un ZIP ordinaire.
Il contient des dossiers médicaux chiffrés, un par patient. Personne ne peut les
lire sans la clé de leur destinataire, pas même le service qui conserve l'archive.

  OUVRIR.HTM       à sortir d'ici, puis à ouvrir dans un navigateur, sans réseau : elle vérifie
                   l'archive et l'ouvre avec une clé. Celle d'un tiers sûr vaut mieux.
  docs/            pour l'ouvrir sans programme particulier, pas à pas :
                   OUVRIR-A-LA-MAIN.fr.txt ; chaque octet expliqué : FORMAT-1.fr.txt
  manifest.json    qui a transmis quoi à qui ; aucun nom de patient
  units/           un dossier chiffré par fichier (ZIP AES-256)
  keyring.age      les mots de passe des dossiers, chiffrés pour le destinataire (age v1)
  keyring-*.age    les mêmes, pour une autre clé ou pour une phrase de passe
  previous/        ce que disaient d'elles-mêmes les révisions antérieures
  SHA256SUMS       les empreintes des parties : sha256sum -c SHA256SUMS
  META-INF/        la liste signée, la signature (CAdES) ; plus tard les
                   enregistrements de preuve (RFC 4998), qui disent depuis quand

Une grande archive est en plusieurs volumes, …-001.asice, …-002.asice : chacun est
complet à lui seul, et …-set.asice, signé aussi, dit lesquels vont ensemble.

Vérifier la signature, avec le certificat que l'expéditeur vous a remis (roots.pem) :

  openssl cms -verify -binary -cades -inform DER -in META-INF/signature001.p7s \\
    -content META-INF/ASiCManifest001.xml -CAfile roots.pem -purpose any -out /dev/null

Un certificat finit avant l'archive : une fois le sien expiré, demander ce qu'il valait
à la date de la signature en ajoutant  -attime SECONDES  (secondes depuis 1970).


SEALED ARCHIVE OF PATIENT RECORDS
=================================
This file is a signed ASiC-E container (ETSI EN 319 162-1): an ordinary ZIP.
It holds encrypted medical records, one per patient. Nobody can read them without
the recipient's key, the company that keeps the archive included.

  OUVRIR.HTM       to be taken out and opened in a browser, without a network: it checks
                   the archive and opens it with a key. Better one from somebody you trust.
  docs/            to open it without any particular program, step by step:
                   OPEN-BY-HAND.en.txt; every byte explained: FORMAT-1.en.txt
  manifest.json    who handed what to whom; no patient's name
  units/           one encrypted record per file (AES-256 ZIP)
  keyring.age      the records' passphrases, encrypted for the recipient (age v1)
  keyring-*.age    the same, for another key or for a passphrase
  previous/        what earlier revisions said of themselves
  SHA256SUMS       the digests of the parts: sha256sum -c SHA256SUMS
  META-INF/        the signed list, the signature (CAdES); later evidence
                   records (RFC 4998), which tell since when

A large archive is in several volumes, …-001.asice, …-002.asice: each is complete by
itself, and …-set.asice, signed as well, tells which belong together.

To check the signature, with the certificate the sender gave you (roots.pem), run the
openssl command above. Certificates end before archives do: once this one has expired,
ask what it was worth when it signed by adding  -attime SECONDS  (seconds since 1970).
"""


SET_PAGE = """\
ARCHIVE EN PLUSIEURS VOLUMES
============================
Ce fichier ne contient aucun dossier. Il dit quels volumes vont ensemble : des paquets
signés, posés à côté de lui, qui s'ouvrent et se vérifient chacun sans les autres.

  OUVRIR.HTM           à sortir d'ici, puis à ouvrir dans un navigateur, sans réseau : donnez-lui
                       ce fichier et tous les volumes. Celle d'un tiers sûr vaut mieux.
  docs/                pour l'ouvrir sans programme particulier, pas à pas : étape 12 de
                       OUVRIR-A-LA-MAIN.fr.txt ; chaque octet expliqué : FORMAT-1.fr.txt,
                       §12. Les mêmes pages sont dans chaque volume.
  set.json             les volumes : nom du fichier, identifiant, empreinte de manifest.json
  META-INF/            la liste signée et la signature (CAdES)

Un fichier du même nom suivi de .001.ers, à côté de celui-ci, est un enregistrement de
preuve (RFC 4998) : il dit depuis quand cette liste existe. Gardez-le avec elle.

Vérifier la signature, avec le certificat que l'expéditeur vous a remis (roots.pem) :

  openssl cms -verify -binary -cades -inform DER -in META-INF/signature001.p7s \\
    -content META-INF/ASiCManifest001.xml -CAfile roots.pem -purpose any -out /dev/null

puis, pour chaque volume, comparer avec set.json ce que dit

  unzip -p VOLUME manifest.json | sha256sum

Un volume ouvert plus tard à quelqu'un d'autre porte une nouvelle manifest.json ; celle
qui est listée ici s'y trouve sous previous/001/.


ARCHIVE IN SEVERAL VOLUMES
==========================
This file holds no record. It says which volumes belong together: signed packages that
lie beside it, each of which opens and is checked without the others.

  OUVRIR.HTM           to be taken out and opened in a browser, without a network: give it this
                       file and all volumes. Better one from somebody you trust.
  docs/                to open it without any particular program, step by step: step 12
                       of OPEN-BY-HAND.en.txt; every byte explained: FORMAT-1.en.txt,
                       §12. The same pages are in each volume.
  set.json             the volumes: file name, identifier, digest of manifest.json
  META-INF/            the signed list and the signature (CAdES)

A file of the same name followed by .001.ers, beside this one, is an evidence record
(RFC 4998): it tells since when this list exists. Keep it with it.

To check the signature, with the certificate the sender gave you (roots.pem), run the
openssl command above; then, for each volume, compare with set.json what the unzip
command says. A volume that was opened to somebody else later has a new manifest.json;
the one listed here lies in it under previous/001/.
"""


def package_readme() -> bytes:
    """Return the page as UTF-8 with a byte order mark and the line ends every system shows."""
    return _as_shown(PAGE)


def set_readme() -> bytes:
    """Return the page of what ties a set, likewise."""
    return _as_shown(SET_PAGE)


def _as_shown(page: str) -> bytes:
    return page.replace("\n", "\r\n").encode("utf-8-sig")
