"""The readme beside a package, for whoever finds both."""

from __future__ import annotations

FRENCH = """\
LES OUTILS POUR OUVRIR CE PAQUET
================================
Ce dossier se garde à côté du paquet :

  {name}
  {size} octets, SHA-256 {sha256}

Il ne contient aucune clé et aucun nom de patient. Commencez par OUVRIR-A-LA-MAIN.fr.txt, qui se lit
avec n'importe quel éditeur et se suit pas à pas.

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

ENGLISH = """\
THE TOOLS TO OPEN THIS PACKAGE
==============================
This folder is kept beside the package:

  {name}
  {size} bytes, SHA-256 {sha256}

It holds no key and no patient's name. Begin with OPEN-BY-HAND.en.txt: any editor shows it, and one
follows it step by step.

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
