"""What somebody needs beside a package who has no program that knows it: pages, programs, checks, a readme.

One of the pages opens the package by itself, in a browser (``archiver.opener``).

The programs and the checks are cut out of the page that explains them (``docs/OPEN-BY-HAND.en.txt``),
whose every command a test runs: there is one text of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from archiver.instructions.pages import package_pages
from archiver.opener import PAGE as OPENER, opener_page
from formats.digests import Digest
from formats.printable import printable

PAGE = "OPEN-BY-HAND.en.txt"
CHECKS = "check.sh"
FIRST, AFTER = "1. Unpack", "6. Open the keyring"
"""The headings between which the page checks a package without any key."""

_PROGRAM = re.compile(r"^cat > \.\./(?P<name>[a-z.]+) <<'END'\n(?P<text>.*?)^END$", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```sh\n(?P<commands>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEAD = """\
#!/bin/sh
# Steps 1 to 5 of OPEN-BY-HAND.en.txt (OUVRIR-A-LA-MAIN.fr.txt), one after the other: they need no key.
# Les étapes 1 à 5, l'une après l'autre : elles ne demandent aucune clé.
#   sh check.sh PACKAGE ROOTS.PEM [TSA-ROOTS.PEM]
# The package is unpacked into a new folder "checked" here. / Le paquet est sorti dans un dossier neuf "checked".
set -eu
here=$(cd "$(dirname "$0")" && pwd)
full() { echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"; }
package=$(full "$1") roots=$(full "$2") stampers=$(full "${3:-/dev/null}")
trap 'test $? = 0 || echo "STOPPED: not everything was checked / ARRÊT : tout n’est pas vérifié" >&2' EXIT
mkdir "$here/checked"
cd "$here/checked"
ln -s "$package" package.asice
cp "$roots" roots.pem
cp "$stampers" tsa-roots.pem
cp "$here/evidence.mjs" .

"""
_LISEZ_MOI = """\
LES OUTILS POUR OUVRIR CE PAQUET
================================
Ce dossier se garde à côté du paquet :

  {name}
  {size} octets, SHA-256 {sha256}

Il ne contient aucune clé et aucun nom de patient. Commencez par OUVRIR-A-LA-MAIN.fr.txt, qui se lit
avec n'importe quel éditeur et se suit pas à pas.

  OUVRIR.HTM                une page qui vérifie et ouvre le paquet : double-cliquez, elle s'ouvre dans le
                            navigateur, sans connexion ; il y faut le paquet, roots.pem et la clé
  OUVRIR-A-LA-MAIN.fr.txt   comment vérifier et ouvrir le paquet, commande par commande
  FORMAT-1.fr.txt           ce que veut dire chaque octet, pour qui doit écrire un programme
  check.sh                  les étapes 1 à 5 d'un coup : sh check.sh {path} roots.pem [tsa-roots.pem]
  keyring.mjs               ouvre le trousseau avec node seul (étape 6, annexe C)
  decrypt.mjs               le même, avec age-encryption (étape 6)
  cards.mjs, words.txt      des cartes de secours à l'identité (étape 6.3, annexe A)
  unseal.mjs                ouvre une unité sans 7-Zip (étape 8)
  evidence.mjs              suit un enregistrement de preuve (étape 4.2, annexe B)

À ajouter, tant que vous le pouvez : le certificat de l'expéditeur (roots.pem), celui de l'autorité
d'horodatage (tsa-roots.pem), et un exemplaire de node (https://nodejs.org), un seul fichier pour
chaque système ; si possible aussi unzip, openssl, 7-Zip, un navigateur.

La clé (receiver.identity), la phrase de passe et les cartes de secours ne se gardent PAS ici.
"""

_README = """\
THE TOOLS TO OPEN THIS PACKAGE
==============================
This folder is kept beside the package:

  {name}
  {size} bytes, SHA-256 {sha256}

It holds no key and no patient's name. Begin with OPEN-BY-HAND.en.txt: any editor shows it, and one
follows it step by step.

  OUVRIR.HTM                a page that checks and opens the package: double click, it opens in the
                            browser, without a connection; it needs the package, roots.pem and the key
  OPEN-BY-HAND.en.txt       how to check and open the package, command by command
  FORMAT-1.en.txt           what every byte means, for whoever has to write a program
  check.sh                  steps 1 to 5 at once: sh check.sh {path} roots.pem [tsa-roots.pem]
  keyring.mjs               opens the keyring with node alone (step 6, appendix C)
  decrypt.mjs               the same, with age-encryption (step 6)
  cards.mjs, words.txt      from recovery cards to the identity (step 6.3, appendix A)
  unseal.mjs                opens a unit without 7-Zip (step 8)
  evidence.mjs              follows an evidence record (step 4.2, appendix B)

To be added, while you can: the sender's certificate (roots.pem), that of the time-stamping authority
(tsa-roots.pem), and a copy of node (https://nodejs.org), one file for each system; if possible
unzip, openssl, 7-Zip and a browser too.

The key (receiver.identity), the passphrase and the recovery cards are NOT kept here.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class DescribedPackage:
    """The package the tools are for: its file's name, its size in bytes, the SHA-256 of the file."""

    name: str
    size: int
    digest: Digest


def tool_files(package: DescribedPackage) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every file to be put beside ``package``."""
    pages = dict(package_pages())
    yield from pages.items()
    text = pages[PAGE].decode("utf-8")
    for found in _PROGRAM.finditer(text):
        yield found["name"], found["text"].encode("utf-8")
    yield OPENER, opener_page()
    yield CHECKS, (_HEAD + _checks(text)).encode("utf-8")
    name = printable(package.name)
    facts = {"name": name, "path": quote(f"../{name}"), "size": package.size, "sha256": package.digest.hex}
    yield "LISEZ-MOI.txt", _LISEZ_MOI.format(**facts).encode("utf-8")
    yield "README.txt", _README.format(**facts).encode("utf-8")


def _checks(page: str) -> str:
    """Return the commands of the steps that need no key."""
    steps = page[page.index(f"\n{FIRST}\n") : page.index(f"\n{AFTER}\n")]
    return "\n".join(found["commands"] for found in _BLOCK.finditer(steps))
