"""Write reference/store.md of each language from the practice store; with ``--check`` say whether it is current."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from sqlite_utils import Database

from archiver.practice import schema
from archiver.practice.columns import StoreTable, table_of
from formats.model.dictionary.entries import CODES, entries_of
from formats.model.dictionary.entry import PRIVACY_WORDS, FieldEntry, Privacy
from formats.model.dictionary.kinds import KINDS
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS
from formats.words import LANGUAGES, Words, translate

ROOT = Path(__file__).resolve().parents[1]
PAGES = {language: ROOT / "docs" / language / "reference" / "store.md" for language in LANGUAGES}
HEADS = {
    "fr": f"""\
# La base du cabinet

<!-- Written by .ci/store_page.py from the code; do not edit. -->

Une base est un fichier SQLite (`practice.db`) et, à côté, le répertoire du même nom (`practice.files`) où
chaque pièce jointe est rangée une fois, sous son empreinte : `<deux premiers chiffres>/<SHA-256>`. Les
deux vont ensemble. `previews`, dans ce répertoire, contient de petites images d’elles, refaites là où
elles manquent. Rien n’y est chiffré. N’importe quel outil SQLite la lit ; n’y écrivez pas. Chaque
base contient cette description, en anglais (`about_tables`). Une base d’une version plus ancienne est amenée à
celle-ci dès qu’on l’ouvre, entièrement ou pas du tout ; celle d’une version plus récente est refusée (`store-newer`).

- `PRAGMA application_id` = {schema.APPLICATION_ID} (`DARC`), `PRAGMA user_version` =
  {schema.SCHEMA_VERSION}.
- `id` est un UUID en minuscules, le même pour la même ligne du même cabinet (UUIDv5).
- Les dates sont à la norme ISO 8601 (`2024-09-03`), d’une date partielle ce que l’on en sait (`2024`, `2024-09`) ;
  les heures portent leur décalage (`2024-09-03T10:15:00+02:00`), et d’un instant dont l’heure est inconnue il
  n’y a que la date ; les montants sont des centimes entiers, les nombres mesurés sont des textes qui gardent
  leurs chiffres, oui et non sont 1 et 0, les dents sont en notation FDI (une surnuméraire : `18S`), les listes
  sont des tableaux JSON.
- Une valeur à l’intérieur d’un enregistrement porte devant elle le nom de son champ (`traits_birth_date`). Une
  liste de telles valeurs est une table à part, dont la clé est son `owner` et sa place, à partir de 0.
- Un texte vide et `NULL` veulent dire tous deux que rien n’est noté. « Demandé, et il n’y en a pas » a ses
  propres mots (`health_statements.presence` = `none`).
- Confidentialité de chaque colonne : administrative, soin, tiers (quelqu’un d’autre que le patient), note
  personnelle (peut être une note que le praticien a prise pour lui seul).
""",
    "en": f"""\
# The practice store

<!-- Written by .ci/store_page.py from the code; do not edit. -->

A store is a SQLite file (`practice.db`) and, beside it, the folder of the same name (`practice.files`)
where every attachment is kept once, under its digest: `<first two digits>/<SHA-256>`. The two belong
together. `previews` in that folder holds small pictures of them, made again where they are missing.
Nothing in it is encrypted. Any SQLite tool reads it; do not write. Every store holds this
description (`about_tables`). A store of an older version is brought to this one as soon as it is opened, wholly or
not at all; one of a newer version is refused (`store-newer`).

- `PRAGMA application_id` = {schema.APPLICATION_ID} (`DARC`), `PRAGMA user_version` =
  {schema.SCHEMA_VERSION}.
- `id` is a UUID in lower case, the same for the same row of the same practice (UUIDv5).
- Dates are ISO 8601 (`2024-09-03`), of a partial date as much as is known (`2024`, `2024-09`); times
  carry an offset (`2024-09-03T10:15:00+02:00`), and of a moment whose time is unknown the date stands alone;
  amounts are integer cents, measured numbers are text that keeps its digits, yes and no are 1 and 0, teeth
  are FDI numbers (a supernumerary one `18S`), lists are JSON arrays.
- A value inside a record has its field's name in front (`traits_birth_date`). A list of such values is a
  table of its own, keyed by its `owner` and its position from 0.
- An empty text and `NULL` both mean that nothing is recorded. “Asked, and there is none” has words of its
  own (`health_statements.presence` = `none`).
- Privacy of each column: administrative, care, third party (somebody other than the patient), personal note
  (can be a note that the practitioner made for themselves).
""",
}
COLUMNS = {
    "fr": "| colonne | type | | confidentialité | sens |",
    "en": "| column | type | | privacy | meaning |",
}
NEEDS = {"fr": ("clé", "obligatoire"), "en": ("key", "required")}
OWN: Mapping[str, tuple[str, Mapping[str, Words]]] = {
    "files": (
        "Chaque pièce jointe une fois ; ses octets sont à côté, sous <deux premiers chiffres>/<sha256>.",
        {},
    ),
    "header_facts": (
        "Enregistrements de répertoire des fichiers DICOM, faits à la collecte ; sans eux, l’en-tête est relu.",
        {
            "sha256": Words("SHA-256 de la pièce jointe.", "SHA-256 of the attachment."),
            "facts": Words(
                "Empreinte de contrôle (16 octets), puis du JSON sur une ligne, puis les éléments DICOM.",
                "Check (16 bytes), then JSON on one line, then the DICOM elements.",
            ),
        },
    ),
    "file_remarks": (
        "Ce qui mérite un regard dans un fichier : vide, abîmé, chiffré, avec une position.",
        {
            "sha256": Words("SHA-256 de la pièce jointe.", "SHA-256 of the attachment."),
            "code": Words(
                "Ce que c’est : `file-empty`, `document-damaged`, `document-encrypted`, `picture-with-position`.",
                "What it is: `file-empty`, `document-damaged`, `document-encrypted`, `picture-with-position`.",
            ),
        },
    ),
    "settings": (
        "Ce que la base sait d’elle-même.",
        {"name": Words("Nom du fait.", "Name of the fact."), "value": Words("Sa valeur.", "Its value.")},
    ),
    "identity_links": (
        "Quelles fiches de patient sont une personne (la fiche qui les réunit), d’après les fusions.",
        {
            "patient": Words("La fiche liée.", "The linked patient record."),
            "person": Words(
                "La fiche sous laquelle se range la personne.", "The record the person stands under."
            ),
        },
    ),
    "identity_merges": (
        "Paires de fiches de patient qui sont une personne, avec qui l’a décidé et selon quelle règle.",
        {
            "patient": Words("L’une des deux fiches.", "One of the two records."),
            "other": Words("L’autre fiche.", "The other record."),
            "rule": Words("Règle d’après laquelle c’est une personne.", "Rule by which they are one person."),
            "decided_by": Words("Qui a décidé.", "Who decided."),
            "decided_at": Words("Moment de la décision.", "Moment of the decision."),
        },
    ),
    "identity_questions": (
        "Paires de fiches qui sont peut-être une personne ; un humain répond *same* ou *different*.",
        {
            "patient": Words("L’une des deux fiches.", "One of the two records."),
            "candidate": Words("L’autre fiche.", "The other record."),
            "reason": Words("Ce qui fait poser la question.", "What raises the question."),
            "asked_at": Words("Moment de la question.", "Moment of the question."),
            "answer": Words(
                "`same` ou `different` ; vide sans réponse.",
                "`same` or `different`; empty without an answer.",
            ),
            "answered_at": Words("Moment de la réponse.", "Moment of the answer."),
            "answered_by": Words("Qui a répondu.", "Who answered."),
            "remark": Words("Remarque de cette personne.", "Remark of that person."),
        },
    ),
    "number_holders": (
        "Fiches qui ont un numéro en commun parce que plusieurs personnes l’ont eu, et depuis quand chacune l’a.",
        {
            "number": Words(
                "La fiche dont l’identité vient du numéro.",
                "The record whose identity comes from the number.",
            ),
            "patient": Words("Une fiche qui a ce numéro.", "A record that has the number."),
            "since": Words(
                "Depuis quand ; vide pour qui l’avait d’abord.", "Since when; empty for who had it first."
            ),
        },
    ),
    "imports": (
        "Quelle unité de quel paquet est entrée quand, avec ses décomptes (JSON).",
        {
            "package": Words("Identifiant du paquet.", "Identifier of the package."),
            "unit": Words("Identifiant de l’unité.", "Identifier of the unit."),
            "patient": Words("Identité du patient de l’unité.", "Identity of the patient of the unit."),
            "plain_sha256": Words("SHA-256 de l’archive en clair.", "SHA-256 of the plain archive."),
            "imported_at": Words("Moment de l’import.", "Moment of the import."),
            "counts": Words("Décomptes par sorte d’enregistrement.", "Counts by kind of record."),
            "created": Words("Moment où le paquet a été fait.", "Moment at which the package was made."),
        },
    ),
    "journal": (
        "Ce qui a changé cette base : une ligne par opération qui y a changé quelque chose (`detail` est du JSON).",
        {
            "id": Words("Numéro de la ligne.", "Number of the line."),
            "at": Words("Moment de l’opération.", "Moment of the operation."),
            "operation": Words("L’opération.", "The operation."),
            "detail": Words("Ce qu’elle a fait.", "What it did."),
        },
    ),
    "holds": (
        "Dossiers dont le délai est suspendu : une réclamation, un recours. Une fois levée, elle reste dans la liste.",
        {
            "id": Words("Numéro de la suspension.", "Number of the hold."),
            "patient": Words("Une fiche de la personne.", "A record of the person."),
            "ground": Words(
                "`claim`, `appeal`, `inquiry`, `other` ; `stated` : venue avec un paquet.",
                "`claim`, `appeal`, `inquiry`, `other`; `stated`: it came with a package.",
            ),
            "reason": Words("Pourquoi, en toutes lettres.", "Why, in words."),
            "package": Words(
                "Paquet avec lequel elle est venue, ou rien.", "Package it came with, or nothing."
            ),
            "since": Words("Jour de la réclamation.", "Day of the claim."),
            "set_by": Words("Qui l’a décidée.", "Who set it."),
            "set_at": Words("Quand.", "When."),
            "lifted_by": Words("Qui l’a levée, ou rien.", "Who lifted it, or nothing."),
            "lifted_at": Words(
                "Quand ; vide tant qu’elle est en vigueur.", "When; empty while it is in force."
            ),
            "lifting_reason": Words("Pourquoi elle a été levée.", "Why it was lifted."),
        },
    ),
    "import_runs": (
        "Chaque reprise qui a changé quelque chose, avec qui l’a annulée et quand, si quelqu’un l’a fait.",
        {
            "id": Words("Numéro de la reprise.", "Number of the import."),
            "package": Words(
                "Identifiant du paquet, ou de l’ensemble de volumes.", "Identifier of the package or the set."
            ),
            "created": Words("Quand le paquet a été fait.", "When the package was made."),
            "sender": Words("Qui l’a envoyé.", "Who sent it."),
            "practices": Words(
                "Identités des cabinets dont viennent les données (JSON).",
                "Identities of the practices whose records came (JSON).",
            ),
            "imported_at": Words("Quand.", "When."),
            "dossiers": Words(
                "Combien de dossiers sont nouveaux ou ont apporté du nouveau.",
                "How many dossiers are new or brought something new.",
            ),
            "undone_by": Words("Qui l’a annulée, ou rien.", "Who took it back, or nothing."),
            "undone_at": Words("Quand ; vide sinon.", "When; empty otherwise."),
        },
    ),
    "former_rows": (
        "Ce que les reprises ont changé, avec le contenu d’avant (JSON) ; sans reprise, ce qui a été changé depuis.",
        {
            "id": Words("Numéro d’ordre.", "Number, in their order."),
            "import": Words(
                "La reprise ; rien quand autre chose a changé un enregistrement venu par l’une d’elles.",
                "The import; nothing where something else changed a record that one of them brought.",
            ),
            "table": Words("Table de la ligne.", "Table of the row."),
            "key": Words(
                "Sa clé ; en JSON si elle a plusieurs colonnes.",
                "Its key; as JSON where that has several columns.",
            ),
            "former": Words(
                "Contenu d’avant : d’un enregistrement, toutes ses lignes ; rien s’il était nouveau.",
                "Former content: of a record all its rows; nothing where it was new.",
            ),
            "became": Words(
                "Contenu d’après, sauf pour un enregistrement.", "Content afterwards, but for a record."
            ),
            "journal": Words(
                "Sans reprise : dernière ligne du journal avant le changement.",
                "Without an import: the last line of the journal before the change.",
            ),
        },
    ),
    "retention_decisions": (
        "Ce que le cabinet a dit d’une durée de conservation, avec qui et pourquoi ; ce qui est retiré reste.",
        {
            "id": Words("Numéro de la décision.", "Number of the decision."),
            "patient": Words("Une fiche de la personne.", "A record of the person."),
            "decision": Words(
                "`consolidation` (d’un dommage) ou `keep-until` (à conserver jusqu’au).",
                "`consolidation` (of a damage) or `keep-until`.",
            ),
            "day": Words("Le jour.", "The day."),
            "reason": Words("Pourquoi.", "Why."),
            "decided_by": Words("Qui a décidé.", "Who decided."),
            "decided_at": Words("Quand.", "When."),
            "withdrawn_by": Words("Qui l’a retirée, ou rien.", "Who withdrew it, or nothing."),
            "withdrawn_at": Words(
                "Quand ; vide tant qu’elle est en vigueur.", "When; empty while it is in force."
            ),
            "withdrawal_reason": Words("Pourquoi elle a été retirée.", "Why it was withdrawn."),
        },
    ),
    "stated_terms": (
        "À partir de quand celui qui a remis un dossier le laisserait détruire.",
        {
            "patient": Words("La fiche du patient.", "The patient record."),
            "package": Words("Le paquet qui le dit.", "The package that says so."),
            "destroy_from": Words("Le 1er janvier à partir duquel.", "The 1 January from which."),
        },
    ),
    "breaches": (
        "Les violations de données : les faits, qui a été prévenu, et quand (RGPD, art. 33 et 34).",
        {
            "id": Words(
                "Numéro de la violation.",
                "Number of the breach.",
            ),
            "known_at": Words(
                "Jour ou heure où le cabinet en a eu connaissance : les 72 heures courent de là.",
                "Day or time at which the practice became aware: the 72 hours run from it.",
            ),
            "happened": Words(
                "Quand c’est arrivé, autant qu’on le sache.",
                "When it happened, as far as anybody knows.",
            ),
            "natures": Words(
                "`confidentiality`, `integrity`, `availability` : une ou plusieurs.",
                "`confidentiality`, `integrity`, `availability`: one or several.",
            ),
            "facts": Words(
                "Ce qui s’est passé.",
                "What happened.",
            ),
            "persons": Words(
                "Nombre approximatif de personnes, ou rien.",
                "Approximate number of persons, or nothing.",
            ),
            "records": Words(
                "Nombre approximatif d’enregistrements, ou rien.",
                "Approximate number of records, or nothing.",
            ),
            "data": Words(
                "Catégories de personnes et de données.",
                "Categories of persons and of data.",
            ),
            "consequences": Words(
                "Conséquences probables.",
                "Likely consequences.",
            ),
            "measures": Words(
                "Mesures prises ou envisagées.",
                "Measures taken or proposed.",
            ),
            "risk": Words(
                "`none`, `risk`, `high`, ou rien tant que personne ne l’a évalué.",
                "`none`, `risk`, `high`, or nothing until somebody has assessed it.",
            ),
            "risk_reason": Words(
                "Pourquoi ce risque.",
                "Why this risk.",
            ),
            "opened_by": Words(
                "Qui l’a notée.",
                "Who wrote it down.",
            ),
            "opened_at": Words(
                "Quand.",
                "When.",
            ),
            "notified_at": Words(
                "Quand la CNIL a été notifiée, ou rien.",
                "When the CNIL was notified, or nothing.",
            ),
            "notification": Words(
                "Numéro de la notification.",
                "Number of the notification.",
            ),
            "delay_reason": Words(
                "Pourquoi plus de 72 heures.",
                "Why more than 72 hours.",
            ),
            "notified_by": Words(
                "Qui a notifié.",
                "Who notified.",
            ),
            "informed_at": Words(
                "Quand les personnes ont été informées, ou rien.",
                "When the persons were told, or nothing.",
            ),
            "informing": Words(
                "Comment elles l’ont été.",
                "How they were told.",
            ),
            "uninformed_reason": Words(
                "Pourquoi elles n’ont pas à l’être (art. 34, § 3).",
                "Why they need not be told (article 34(3)).",
            ),
            "informed_by": Words(
                "Qui l’a fait ou décidé.",
                "Who did it, or decided it.",
            ),
            "closed_at": Words(
                "Quand elle a été close, ou rien.",
                "When it was closed, or nothing.",
            ),
            "closed_by": Words(
                "Qui l’a close.",
                "Who closed it.",
            ),
            "closing_remark": Words(
                "Ce qu’il en est resté.",
                "What remains to be said.",
            ),
        },
    ),
    "hosts": (
        "Qui héberge des données de santé, avec numéro, périmètre et fin du certificat HDS (CSP L1111-8).",
        {
            "id": Words(
                "Numéro de l’hébergeur.",
                "Number of the host.",
            ),
            "name": Words(
                "Nom de l’hébergeur.",
                "Name of the host.",
            ),
            "service": Words(
                "Ce qu’il conserve.",
                "What it keeps.",
            ),
            "certificate": Words(
                "Numéro du certificat, ou rien.",
                "Number of the certificate, or nothing.",
            ),
            "scope": Words(
                "Activités que le certificat couvre.",
                "Activities that the certificate covers.",
            ),
            "certifier": Words(
                "Organisme qui a certifié.",
                "Body that certified.",
            ),
            "certified_until": Words(
                "Dernier jour du certificat, ou rien.",
                "Last day of the certificate, or nothing.",
            ),
            "added_by": Words(
                "Qui l’a noté.",
                "Who wrote it down.",
            ),
            "added_at": Words(
                "Quand.",
                "When.",
            ),
            "ended_by": Words(
                "Qui a mis fin à l’entrée, ou rien.",
                "Who ended the entry, or nothing.",
            ),
            "ended_at": Words(
                "Quand ; vide tant qu’elle est en vigueur.",
                "When; empty while it is in force.",
            ),
            "ending_reason": Words(
                "Pourquoi : certificat renouvelé, contrat fini.",
                "Why: certificate renewed, contract over.",
            ),
        },
    ),
    "access_requests": (
        "Qui a demandé le dossier de qui, comment son identité a été contrôlée, et comment la demande a fini.",
        {
            "id": Words("Numéro de la demande.", "Number of the request."),
            "patient": Words("Une fiche de la personne.", "A record of the person."),
            "requester": Words(
                "Qui demande : `patient`, `guardian`, `heir`, `representative`, `colleague`.",
                "Who asks: `patient`, `guardian`, `heir`, `representative`, `colleague`.",
            ),
            "name": Words("Qui demande, par son nom.", "Who asks, by name."),
            "purpose": Words(
                "D’un ayant droit : `cause-of-death`, `memory`, `rights`.",
                "Of an heir: `cause-of-death`, `memory`, `rights`.",
            ),
            "received": Words("Jour ou heure de la demande.", "Day or time of the request."),
            "recent": Words(
                "1 : le dossier avait des informations de moins de cinq ans.",
                "1: the dossier had information of less than five years.",
            ),
            "old": Words("1 : il en avait de plus anciennes.", "1: it had older information."),
            "opened_by": Words("Qui l’a notée.", "Who wrote it down."),
            "opened_at": Words("Quand.", "When."),
            "identity_check": Words("Comment l’identité a été contrôlée.", "How the identity was checked."),
            "identity_by": Words("Par qui.", "By whom."),
            "identity_at": Words("Quand ; vide avant.", "When; empty before."),
            "ending": Words(
                "`fulfilment`, `refusal`, `withdrawal`, `otherwise` ; vide tant qu’elle est ouverte.",
                "`fulfilment`, `refusal`, `withdrawal`, `otherwise`; empty while it is open.",
            ),
            "ending_reason": Words("Pourquoi.", "Why."),
            "ended_by": Words("Qui l’a close ou rouverte.", "Who closed it, or opened it again."),
            "ended_at": Words("Quand.", "When."),
        },
    ),
    "request_deliveries": (
        "Ce qui a été écrit pour une demande, ce qui en a été retiré et pourquoi, et la preuve de la remise.",
        {
            "id": Words("Numéro de la remise.", "Number of the delivery."),
            "request": Words("La demande.", "The request."),
            "files": Words("Fichiers : nom, taille, SHA-256 (JSON).", "Files: name, size, SHA-256 (JSON)."),
            "left_out": Words(
                "Ce qui a été retiré, enregistrement par enregistrement (JSON).",
                "What was left out, record by record (JSON).",
            ),
            "made_by": Words("Qui l’a écrite.", "Who wrote it."),
            "made_at": Words("Quand.", "When."),
            "conveyance": Words(
                "Par quelle voie : `by-hand`, `registered-post`, `secure-messaging`, `on-site`, `other`.",
                "By which way: `by-hand`, `registered-post`, `secure-messaging`, `on-site`, `other`.",
            ),
            "recipient": Words("À qui elle a été remise.", "To whom it was handed over."),
            "sent_by": Words("Par qui.", "By whom."),
            "sent_at": Words("Quel jour ; vide avant.", "On which day; empty before."),
        },
    ),
    "dossier_states": (
        "Ce qu’est devenu chaque dossier de chaque paquet, refusés compris, à la dernière reprise de ce paquet.",
        {
            "package": Words("Identifiant du paquet.", "Identifier of the package."),
            "unit": Words("Unité du paquet.", "Unit of the package."),
            "patient": Words(
                "La fiche du patient ; d’un dossier refusé, elle n’est pas forcément ici.",
                "The patient record; of a refused dossier it need not be here.",
            ),
            "state": Words(
                "L’état : `integrated`, `placeholder`, `degraded`, `partial`, `waiting`, `left-aside`, `refused`.",
                "The state: `integrated`, `placeholder`, `degraded`, `partial`, `waiting`, `left-aside`, `refused`.",
            ),
            "reason": Words(
                "D’un dossier refusé, le code du refus.", "Of a refused dossier, the code of the refusal."
            ),
            "degraded": Words(
                "Entrées qui n’ont pu être reprises telles qu’envoyées.",
                "Entries that could not be taken as they were sent.",
            ),
            "placeholders": Words(
                "Documents et images venus sans leur contenu.",
                "Documents and images that came without their content.",
            ),
            "left_aside": Words(
                "Ce qui en a été laissé de côté exprès, par nature (JSON) ; vide si rien ne l’a été.",
                "What of it was left aside on purpose, by kind (JSON); empty where nothing was.",
            ),
            "parts": Words(
                "Ce qui en a été demandé : périodes et natures (JSON) ; vide si tout l’a été.",
                "What of it was asked for: periods and kinds (JSON); empty where all was.",
            ),
            "noted_at": Words("À quelle reprise l’état a changé.", "At which import the state changed."),
        },
    ),
    "degraded_entries": (
        "Ce qui est venu autrement qu’envoyé : ce qui s’en lit, l’original (JSON), et qui l’a regardé.",
        {
            "id": Words("Numéro de l’entrée.", "Number of the entry."),
            "patient": Words("La fiche du patient.", "The patient record."),
            "package": Words("Le paquet d’où elle vient.", "The package it came with."),
            "unit": Words("Son unité.", "Its unit."),
            "record": Words(
                "L’enregistrement fait du reste ; vide s’il n’y en a pas.",
                "The record made of the rest; empty where there is none.",
            ),
            "topic": Words(
                "`allergy`, `condition`, `medication`, `alert`, `family` ; vide : autre chose.",
                "`allergy`, `condition`, `medication`, `alert`, `family`; empty: something else.",
            ),
            "reason": Words(
                "Pourquoi : `element-unknown`, `resource-unknown`, `without-name`, `row-unread`.",
                "Why: `element-unknown`, `resource-unknown`, `without-name`, `row-unread`.",
            ),
            "text": Words("Ce qui s’en lit.", "What can be read of it."),
            "original": Words("L’entrée telle qu’envoyée (JSON).", "The entry as it was sent (JSON)."),
            "noted_at": Words("Quand elle est venue.", "When it came."),
            "reviewed_by": Words("Qui a regardé l’original.", "Who has looked at the original."),
            "reviewed_at": Words("Quand ; vide avant.", "When; empty before."),
            "remark": Words("Ce qui a été fait.", "What was done."),
        },
    ),
    "gone_records": (
        "Ce qu’une source a donné un jour et ne donne plus ; cela reste, et un export pose la question.",
        {
            "kind": Words("La sorte de l’élément, sa table.", "The kind of the record, its table."),
            "id": Words("L’élément.", "The record."),
            "system": Words("Le logiciel, ou la correspondance.", "The software, or the mapping."),
            "patient": Words(
                "De qui il est ; vide : une ligne du cabinet dans son ensemble.",
                "Whose it is; empty: a row of the practice as a whole.",
            ),
            "reason": Words(
                "Pourquoi : `row-gone`, `row-changed`, `not-made`, `unclear`.",
                "Why: `row-gone`, `row-changed`, `not-made`, `unclear`.",
            ),
            "since": Words(
                "La première collecte qui ne l’a pas trouvé.", "The first collection that did not find it."
            ),
        },
    ),
    "handovers": (
        "Ce qui a été exporté et à qui, avec ce qui est annoncé (JSON).",
        {
            "package": Words(
                "Identifiant du paquet, ou de l’ensemble.", "Identifier of the package, or of the set."
            ),
            "file": Words("Nom du fichier.", "Name of the file."),
            "revision": Words("Révision.", "Revision."),
            "signed_list": Words("SHA-256 de la liste signée.", "SHA-256 of the signed list."),
            "created": Words("Quand il a été scellé.", "When it was sealed."),
            "ground": Words("Fondement juridique.", "Legal ground."),
            "situation": Words(
                "Situation de l’export ; `part` : part d’un paquet divisé ; vide si elle n’est pas dite.",
                "Situation of the export; `part`: a part of a package that was split; empty where it is not stated.",
            ),
            "receiver": Words("À qui ; vide si ce n’est pas dit.", "To whom; empty where it is not stated."),
            "counts": Words(
                "Décomptes et sommes d’argent, en centimes (JSON).",
                "Counts and sums of money, in cents (JSON).",
            ),
        },
    ),
    "sent_units": (
        "Ce que contient chaque unité d’un export (JSON), à quoi les reçus sont comparés.",
        {
            "package": Words("Le paquet, ou l’ensemble.", "The package, or the set."),
            "unit": Words("L’unité.", "The unit."),
            "patient": Words(
                "La fiche du patient ; vide : la part du cabinet.",
                "The patient record; empty: the practice's part.",
            ),
            "counts": Words("Décomptes et sommes (JSON).", "Counts and sums (JSON)."),
        },
    ),
    "proofs_of_delivery": (
        "Les preuves que des paquets ont été remis à qui n’envoie pas de reçu : comment, à qui, quel jour.",
        {
            "id": Words("Numéro.", "Number."),
            "package": Words("Le paquet, ou l’ensemble.", "The package, or the set."),
            "conveyance": Words("Comment (code, comme `--how`).", "How (code, as `--how`)."),
            "recipient": Words("À qui.", "To whom."),
            "delivered_on": Words("Quel jour.", "On what day."),
            "claimed_by": Words("Qui l’a demandé, ou vide.", "Who claimed it, or empty."),
            "claimed_on": Words("Quand, ou vide.", "When, or empty."),
            "identity_check": Words(
                "Comment l’identité a été contrôlée, ou vide.", "How the identity was checked, or empty."
            ),
            "recorded_by": Words("Qui l’a noté.", "Who wrote it down."),
            "recorded_at": Words("Quand.", "When."),
        },
    ),
    "receipts": (
        "Les reçus revenus, tels qu’ils ont été vérifiés.",
        {
            "id": Words("Numéro.", "Number."),
            "package": Words("Le paquet, ou l’ensemble.", "The package, or the set."),
            "sha256": Words("SHA-256 du reçu.", "SHA-256 of the receipt."),
            "received_at": Words("Quand le destinataire a reçu.", "When the receiver received."),
            "receiver": Words("Qui a reçu, selon le reçu.", "Who received, by the receipt."),
            "signer": Words("Qui l’a signé, si vous l’acceptez.", "Who signed it, where you accept them."),
            "fingerprint": Words("Empreinte du certificat.", "Fingerprint of the certificate."),
            "acknowledged": Words("Unités reçues telles qu’envoyées.", "Units received as they were sent."),
            "left_aside": Words(
                "Unités que le destinataire a laissées de côté exprès, en tout ou en partie.",
                "Units that the receiver left aside on purpose, whole or in part.",
            ),
            "differences": Words("Différences avec ce qui a été envoyé.", "Differences from what was sent."),
            "accepted": Words(
                "1 : signé par quelqu’un que vous acceptez.", "1: signed by somebody whom you accept."
            ),
            "done": Words(
                "1 : rien n’attend plus personne chez le destinataire.",
                "1: nothing is left to a person at the receiver's.",
            ),
            "whole": Words(
                "1 : tout est reçu, et rien n’attend plus.", "1: everything is received, and nothing is left."
            ),
            "recorded_at": Words("Quand il a été noté ici.", "When it was written down here."),
        },
    ),
    "about_tables": (
        "Cette description de chaque table.",
        {
            "table": Words("Nom de la table.", "Name of the table."),
            "about": Words("Ce qu’elle contient.", "What it holds."),
        },
    ),
}
"""French of the store's own tables, and what their columns mean."""
OWNER = Words("L’enregistrement auquel la ligne appartient.", "The record the row belongs to.")
POSITION = Words("Place dans la liste, à partir de 0.", "Position in the list, from 0.")
NOT_SHOWN = Words("Pas sur INDEX.HTM", "Not on INDEX.HTM")
TITLES = {
    "shared": Words(
        "Le cabinet, ses praticiens, ses patients", "The practice, its practitioners, its patients"
    ),
    "patient": Words("Le dossier", "The dossier"),
    "own": Words("Ce que la base sait d’elle-même", "What the store knows of itself"),
}


def page(language: str) -> str:
    """Return the page in ``language``."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.create(connection)
    db = Database(connection)
    about = dict(schema.descriptions())
    kinds = {kind.kind for kind in PATIENT_KINDS}
    parts = [HEADS[language]]
    names: dict[str, list[str]] = {part: [] for part in TITLES}
    for name in about:
        top = max((kind.kind for kind in schema.KINDS if _of(name, kind.kind)), key=len, default="")
        names["own" if name in schema.OWN_TABLES else "patient" if top in kinds else "shared"].append(name)
    for part, title in TITLES.items():
        parts.append(f"## {getattr(title, language)}")
        parts += ["\n".join(_table(db, name, about[name], language)) for name in names[part]]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _of(name: str, kind: str) -> bool:
    return name == kind or name.startswith(f"{kind}_")


def _table(db: Database, name: str, about: str, language: str) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    own = OWN[name][0] if name in OWN else translate(about, "fr")
    yield f"{_title(name, language)}{own if language == 'fr' else about}"
    yield ""
    yield COLUMNS[language]
    yield "|---|---|---|---|---|"
    key, required = NEEDS[language]
    refers = {one.column: f" → `{one.other_table}.{one.other_column}`" for one in db.table(name).foreign_keys}
    meanings = dict(_meanings(name))
    for column in db.table(name).columns:
        need = key if column.is_pk else required if column.notnull else ""
        privacy, texts = meanings[column.name]
        cells = (
            f"`{column.name}`",
            column.type,
            f"{need}{refers.get(column.name, '')}".strip(),
            getattr(PRIVACY_WORDS[privacy], language) if privacy else "",
            texts[LANGUAGES.index(language)],
        )
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _title(name: str, language: str) -> str:
    if name not in KINDS:
        return ""
    title = getattr(KINDS[name].one, language)
    return f"**{title[:1].upper()}{title[1:]}.** "


def _meanings(name: str) -> Iterator[tuple[str, tuple[Privacy | None, tuple[str, str]]]]:
    """Yield the columns of a table, each with its privacy class and what it means in both languages."""
    if name in OWN:
        yield from ((column, (None, words)) for column, words in OWN[name][1].items())
    if name == "files":
        yield from ((field, _described(Attachment, field)) for field in entries_of(Attachment))
    for table in (one for kind in schema.KINDS for one in table_of(kind).family if one.name == name):
        yield from _columns(table)


def _columns(table: StoreTable) -> Iterator[tuple[str, tuple[Privacy | None, tuple[str, str]]]]:
    if table.owner:
        yield "owner", (None, OWNER)
        yield from ((position, (None, POSITION)) for position in table.key[1:])
    yield from ((one.name, _described(table.record_type, one.name)) for one in table.columns)
    for name, inner, columns, _ in table.values:
        holder = entries_of(table.record_type)[name].label
        for column in columns:
            yield column.name, _described(inner, column.name[len(name) + 1 :], holder)


def _described(kind: type, field: str, holder: Words | None = None) -> tuple[Privacy, tuple[str, str]]:
    entry = entries_of(kind)[field]
    words = _codes(get_type_hints(kind)[field])
    french, english = (" ".join(_sentences(entry, words, holder, language)) for language in LANGUAGES)
    return entry.privacy, (french, english)


def _sentences(
    entry: FieldEntry, words: Mapping[StrEnum, Words], holder: Words | None, language: str
) -> Iterator[str]:
    """Yield label, meaning, code list or unit of one column, and why a page does not show it."""
    between, colon = (" : ", "\u00a0:") if language == "fr" else (": ", ":")
    label = between.join(getattr(one, language) for one in (holder, entry.label) if one)
    yield f"**{label}.** {translate(entry.meaning, language)}"
    yield from (f"({getattr(one, language)})" for one in (entry.codes, entry.unit) if one)
    if words:
        yield ", ".join(f"`{code.value}` {getattr(one, language)}" for code, one in words.items()) + "."
    if entry.left_out:
        yield f"*{getattr(NOT_SHOWN, language)}{colon} {translate(entry.left_out, language)}*"


def _codes(hint: Any) -> Mapping[StrEnum, Words]:
    """Return the words of the vocabulary in the type of a field, where there is one."""
    return next((CODES[part] for part in (hint, *get_args(hint)) if part in CODES), {})


if __name__ == "__main__":
    from generated_files import write_or_check

    try:
        sys.exit(write_or_check({path: page(language) for language, path in PAGES.items()}))
    except sqlite3.Error as fault:
        sys.exit(f"the store cannot be made: {fault}")
