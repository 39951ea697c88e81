"""What a recovery card says beside its words, in each language.

The sentences stand here and not in the catalogue, as those of the README in
every package do: a card is printed in both languages at once, is kept for
twenty years, and must not lose one of them to a missing file.
"""

from __future__ import annotations

from dataclasses import dataclass

COMMANDS = (
    "archiver keys drill ARCHIVE.asice --roots roots.pem",
    "archiver import ARCHIVE.asice --cards --roots roots.pem --into practice.db",
    "archiver keys restore FOLDER",
)
"""To try the cards, to read an archive into a practice, to get the key file back."""
BY_HAND = "SLIP-39 (passphrase “”) » 32 octets / bytes » Bech32 AGE-SECRET-KEY-PQ- » age 1.3"


@dataclass(frozen=True, kw_only=True, slots=True)
class CardText:
    """One language's sentences; ``{…}`` are filled in by the page."""

    title: str
    enough: str
    owner: str
    key_id: str
    check_value: str
    set_number: str
    set_begins: str
    made: str
    scan: str
    words: str
    opens_title: str
    opens: str
    lost_title: str
    steps: tuple[str, ...]
    know_title: str
    know: tuple[str, ...]
    commands: tuple[str, str, str]
    by_hand: str
    entrusted: str
    on: str


FRENCH = CardText(
    title="Carte de secours {card} sur {cards}",
    enough="{threshold} cartes sur {cards} suffisent",
    owner="Clé de",
    key_id="Identifiant de la clé",
    check_value="Valeur de contrôle",
    set_number="Jeu de cartes",
    set_begins="{number}, commence par « {begins} »",
    made="Imprimée le",
    scan="Les mots de cette carte",
    words="Les {count} mots, dans cet ordre",
    opens_title="Ce qu’elle ouvre",
    opens="{threshold} cartes de ce jeu, celle-ci comprise, ouvrent toutes les archives de dossiers de "
    "patients scellées pour cette clé. Seule, elle n’ouvre rien et ne révèle rien.",
    lost_title="Si la clé est perdue",
    steps=(
        "1. Réunir {threshold} cartes du même jeu.",
        (
            "2. Lancer la commande voulue et saisir les mots (les 4 premières lettres suffisent), "
            "ou passer un lecteur sur le code QR."
        ),
        "3. Comparer l’identifiant et la valeur de contrôle affichés avec ceux de la carte.",
    ),
    know_title="À savoir",
    know=(
        "Gardez chaque carte en un lieu différent, sous enveloppe, chez des personnes de confiance.",
        "Pas de photo de la carte, pas de téléphone ; ne tapez ses mots sur aucun site web.",
        "Essayez les cartes chaque année : commande A.",
        "Un nouveau jeu n’annule pas l’ancien : détruisez les anciennes cartes.",
    ),
    commands=("A. Essayer", "B. Lire une archive", "C. Refaire la clé"),
    by_hand="Sans ce programme",
    entrusted="Confiée à",
    on="le",
)

ENGLISH = CardText(
    title="Recovery card {card} of {cards}",
    enough="any {threshold} of {cards} cards are enough",
    owner="Key of",
    key_id="Key id",
    check_value="Check value",
    set_number="Set of cards",
    set_begins="{number}, begins with “{begins}”",
    made="Printed on",
    scan="The words of this card",
    words="The {count} words, in this order",
    opens_title="What it opens",
    opens="{threshold} cards of this set, this one included, open every archive of patient records sealed "
    "for this key. Alone it opens nothing and tells nothing.",
    lost_title="When the key is lost",
    steps=(
        "1. Bring {threshold} cards of the same set together.",
        (
            "2. Run the command you need and type the words (their first 4 letters are enough), "
            "or use a reader on the QR code."
        ),
        "3. Compare the key id and check value shown with those on the card.",
    ),
    know_title="Good to know",
    know=(
        "Keep every card in another place, in an envelope, with people you trust.",
        "No photograph of the card, no telephone; never type its words into any web site.",
        "Try the cards every year: command A.",
        "A new set does not cancel the old one: destroy the old cards.",
    ),
    commands=("A. Try", "B. Read an archive", "C. Make the key again"),
    by_hand="Without this program",
    entrusted="Entrusted to",
    on="on",
)
