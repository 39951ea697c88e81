"""The cast: the patients who are in the practice for a reason, in the order of their numbers."""

from __future__ import annotations

from datetime import date

from samples.story.people import (
    ARCHIVED,
    COLLABORATOR,
    DECEASED,
    DELETED,
    FORMER,
    INACTIVE,
    NON_PATIENT,
    OWNER,
    PROSPECTIVE,
    REPLACEMENT,
    Person,
)

# A person is read as a paragraph, not as one trait a line.
# fmt: off
FAMILIES = (
    Person(
        number=1, family="Lemoine-Garnier", given="Anne-Sophie", sex="F", birth=date(1979, 3, 14),
        seen=(OWNER, COLLABORATOR), birth_family="Garnier", ins_status="QUAL", key="payer",
        prouve="paie pour sa famille ; suivie par la titulaire et le collaborateur ; CBCT",
        proves="pays for her family; seen by owner and collaborator; CBCT",
    ),
    Person(
        number=2, family="Lemoine", given="Étienne", sex="M", birth=date(1976, 11, 2), seen=(OWNER,), payer=1,
        ins_status="QUAL", key="payer_not_patient", prouve="adulte dont une autre personne est le payeur",
        proves="adult whose payer is someone else",
    ),
    Person(
        number=3, family="Lemoine-Garnier", given="Chloé", sex="F", birth=date(2012, 5, 21),
        seen=(COLLABORATOR,), payer=1, ins_status="QUAL", key="minor",
        prouve="mineure ; même NIR de facturation que sa mère et son frère",
        proves="minor; billed under the same NIR as her mother and brother",
    ),
    Person(
        number=4, family="Lemoine-Garnier", given="Léo", sex="M", birth=date(2017, 9, 8),
        seen=(COLLABORATOR,),
        payer=1, ins_status="QUAL", key="primary_teeth",
        prouve="enfant : dents temporaires A–T, surnuméraires 51–82 et AS–TS",
        proves="child: primary teeth A–T, supernumeraries 51–82 and AS–TS",
    ),
    Person(
        number=5, family="Ferrand", given="Tom", sex="M", birth=date(2011, 1, 30), seen=(COLLABORATOR,),
        payer=6,
        guardian=7, ins_status="QUAL", key="guardian",
        prouve="mineur : le père paie, la mère est responsable",
        proves="minor: father pays, mother is guardian",
    ),
    Person(
        number=6, family="Ferrand", given="Sylvain", sex="M", birth=date(1980, 6, 17), status=NON_PATIENT,
        key="non_patient", prouve="payeur qui n'est pas patient", proves="payer who is not a patient",
    ),
    Person(
        number=7, family="Le Goff", given="Nolwenn", sex="F", birth=date(1983, 12, 5), seen=(OWNER,),
        ins_status="QUAL", key="guardian_patient", prouve="responsable légale, elle-même patiente",
        proves="guardian who is a patient herself",
    ),
    Person(
        number=8, family="Bellanger", given="Auguste", sex="M", birth=date(1938, 2, 11), seen=(FORMER, OWNER),
        status=DECEASED, ins_status="QUAL", key="deceased", prouve="décédé le 4 novembre 2023",
        proves="died on 4 November 2023",
    ),
)

HOMONYMS = (
    Person(
        number=9, family="Dubreuil", given="Marie", sex="F", birth=date(1975, 4, 18), seen=(OWNER,),
        ins_status="QUAL", key="homonym_near", prouve="homonyme née un jour avant la n° 10",
        proves="homonym born one day before no. 10",
    ),
    Person(
        number=10, family="Dubreuil", given="Marie", sex="F", birth=date(1975, 4, 19), seen=(COLLABORATOR,),
        key="homonym_near_other", prouve="homonyme née un jour après la n° 9, sans INS",
        proves="homonym born one day after no. 9, no INS",
    ),
    Person(
        number=11, family="Dubreuil", given="Marie", sex="F", birth=date(1992, 9, 2), seen=(OWNER,),
        ins_status="QUAL", key="homonym_far", prouve="troisième du même nom, autre génération",
        proves="third of that name, another generation",
    ),
    Person(
        number=12, family="Morvan", given="Jean", sex="M", birth=date(1951, 2, 3), seen=(FORMER, OWNER),
        ins_status="QUAL", key="identical_names", prouve="père : nom et prénom identiques au n° 13",
        proves="father: same names as no. 13",
    ),
    Person(
        number=13, family="Morvan", given="Jean", sex="M", birth=date(1980, 7, 21), seen=(COLLABORATOR,),
        ins_status="QUAL", key="identical_names_other", prouve="fils : nom et prénom identiques au n° 12",
        proves="son: same names as no. 12",
    ),
    Person(
        number=14, family="Rousselot", given="Jean-Pierre", sex="M", birth=date(1968, 1, 10), seen=(OWNER,),
        key="hyphen", prouve="prénom composé avec trait d'union", proves="compound name with a hyphen",
    ),
    Person(
        number=15, family="Rousselot", given="Jean Pierre", sex="M", birth=date(1968, 10, 1),
        seen=(COLLABORATOR,), key="no_hyphen",
        prouve="même prénom sans trait d'union, jour et mois de naissance inversés",
        proves="same name without hyphen, day and month of birth swapped",
    ),
)

NAMES = (
    Person(
        number=16, family="O'Shaughnessy", given="Maeve", sex="F", birth=date(1990, 5, 25),
        seen=(COLLABORATOR,),
        department="99", ins_status="QUAL", key="apostrophe", prouve="apostrophe, née à l'étranger",
        proves="apostrophe, born abroad",
    ),
    Person(
        number=17, family="Castaing", given="Béatrice", sex="F", birth=date(1964, 8, 19),
        seen=(OWNER, COLLABORATOR), birth_family="d'Aubusson", ins_status="QUAL", key="birth_name",
        prouve="nom de naissance différent du nom utilisé", proves="birth name differs from the name in use",
    ),
    Person(
        number=18, family="Kowalczyk", given="Bartosz", sex="M", birth=None, seen=(COLLABORATOR,),
        key="no_birth_date", prouve="date de naissance inconnue", proves="unknown birth date",
    ),
    Person(
        number=19, family="Pommeraye", given="Lucette", sex="F", birth=date(1947, 7, 7), seen=(FORMER,),
        status=INACTIVE, key="inactive", prouve="inactive, dernier acte en 2004 (plus de 20 ans)",
        proves="inactive, last act in 2004 (more than 20 years)",
    ),
    Person(
        number=20, family="Grandidier", given="Hubert", sex="M", birth=date(1941, 10, 30), seen=(FORMER,),
        status=ARCHIVED, key="archived", prouve="archivé", proves="archived",
    ),
    Person(
        number=21, family="Fauvet", given="Clémence", sex="F", birth=date(1999, 3, 3), status=DELETED,
        key="deleted", prouve="supprimée dans le logiciel, la ligne reste", proves="deleted, the row remains",
    ),
    Person(
        number=22, family="Quillévéré", given="Gaël", sex="M", birth=date(1985, 11, 11), status=PROSPECTIVE,
        key="prospective", prouve="premier rendez-vous à venir, aucun acte",
        proves="first appointment ahead, no act",
    ),
    Person(
        number=23, family="Santoni", given="Ghjulia", sex="F", birth=date(1988, 4, 9), seen=(OWNER,),
        department="2A", ins_status="QUAL", key="corsica_2a", prouve="clé INS de Corse 2A",
        proves="INS key of Corsica 2A",
    ),
    Person(
        number=24, family="Casabianca", given="Ange", sex="M", birth=date(1959, 12, 24), seen=(OWNER,),
        department="2B", ins_status="QUAL", key="corsica_2b", prouve="clé INS de Corse 2B",
        proves="INS key of Corsica 2B",
    ),
    Person(
        number=25, family="de La Rochebrune", given="Marie-Amélie", sex="F", birth=date(1971, 6, 6),
        seen=(OWNER,), ins_status="VALI", key="particle",
        prouve="particule ; identité validée (VALI), sans INS",
        proves="particle; validated identity (VALI) without INS",
    ),
    Person(
        number=26, family="N'Diaye", given="Awa", sex="F", birth=date(1995, 8, 14), seen=(COLLABORATOR,),
        department="99", ins_status="QUAL", key="same_person",
        prouve="la même personne que la n° 1 du successeur (INS et traits)",
        proves="same person as no. 1 of the successor (INS and traits)",
    ),
    Person(
        number=27, family="Nguyễn", given="Thị Hoa", sex="F", birth=date(1969, 1, 27), seen=(COLLABORATOR,),
        department="99", ins_status="QUAL", key="beyond_latin1", prouve="lettres hors Latin-1",
        proves="letters beyond Latin-1",
    ),
    Person(
        number=28, family="Çelik", given="Gökhan", sex="M", birth=date(1986, 2, 2), seen=(OWNER, REPLACEMENT),
        key="accents", prouve="signes diacritiques ; vu aussi par la remplaçante",
        proves="diacritics; also seen by the replacement",
    ),
    Person(
        number=29, family="Łukasiewicz", given="Zoé", sex="F", birth=date(2001, 12, 1), seen=(COLLABORATOR,),
        ins_status="QUAL", key="roster_spelling", prouve="écrite LUKASIEWICZ ZOE dans la liste de départ",
        proves="spelt LUKASIEWICZ ZOE in the roster",
    ),
    Person(
        number=30, family="Œuvrard", given="Noël", sex="M", birth=date(1950, 12, 25), seen=(FORMER, OWNER),
        ins_status="QUAL", key="ligature", prouve="ligature Œ", proves="ligature Œ",
    ),
    Person(
        number=31, family="El Amrani", given="Yassine", sex="M", birth=date(1998, 10, 10),
        seen=(COLLABORATOR,),
        ins_status="RECUP", key="recup", prouve="INS récupérée, non qualifiée",
        proves="INS fetched, not qualified",
    ),
    Person(
        number=32, family="da Silva e Sousa", given="Inês", sex="F", birth=date(1973, 3, 30), seen=(OWNER,),
        key="long_particle", prouve="nom en plusieurs mots", proves="name of several words",
    ),
)

RELATIONS = (
    Person(
        number=33, family="Tessier", given="Colette", sex="F", birth=date(1956, 9, 16), seen=(OWNER,),
        ins_status="QUAL", key="merged_into", prouve="dossier gardé après fusion du n° 34",
        proves="record kept after no. 34 was merged into it",
    ),
    Person(
        number=34, family="Tessier", given="Colette", sex="F", birth=date(1956, 9, 16), status=ARCHIVED,
        key="merged_from", prouve="ancien doublon fusionné dans le n° 33",
        proves="old duplicate merged into no. 33",
    ),
    Person(
        number=35, family="Hamelin", given="Roxane", sex="F", birth=date(1978, 5, 5), seen=(OWNER,),
        ins_status="QUAL", key="cloned", prouve="a un clone (n° 36)", proves="has a clone (no. 36)",
    ),
    Person(
        number=36, family="HAMELIN", given="ROXANE", sex="F", birth=date(1978, 5, 5), seen=(OWNER,), payer=35,
        key="clone", prouve="clone du n° 35 pour un autre plan", proves="clone of no. 35 for another plan",
    ),
    Person(
        number=37, family="Delaunay-Prigent", given="Marcel", sex="M", birth=date(1944, 4, 4), seen=(OWNER,),
        guardian=38, ins_status="QUAL", key="adult_guardian", prouve="majeur sous tutelle",
        proves="adult under guardianship",
    ),
    Person(
        number=38, family="Prigent", given="Odile", sex="F", birth=date(1970, 2, 14), seen=(OWNER,),
        key="adult_guardian_person", prouve="tutrice du n° 37", proves="guardian of no. 37",
    ),
    Person(
        number=39, family="Vasnier", given="Corentin", sex="M", birth=date(1999, 6, 9), ins_status="PROV",
        key="never_seen", prouve="jamais venu ; identité provisoire (PROV)",
        proves="never came; provisional identity (PROV)",
    ),
    Person(
        number=40, family="Lebrun-Caillaud", given="Solange", sex="F", birth=date(1953, 1, 19),
        seen=(FORMER,),
        ins_status="QUAL", key="former_only", prouve="active, vue seulement par l'ancien associé (litige)",
        proves="active, only seen by the former partner (disputed)",
    ),
    Person(
        number=41, family=" Vasseur", given="Aurélie ", sex="F", birth=date(1982, 7, 28),
        seen=(OWNER, COLLABORATOR), key="dirty",
        prouve="lignes abîmées : espaces, HTML, acte sans praticien, dent inexistante, fichier absent",
        proves="dirty rows: spaces, HTML, act without practitioner, impossible tooth, missing file",
    ),
    Person(
        number=42, family="Marchand", given="Élodie", sex="F", birth=date(1987, 9, 9), seen=(COLLABORATOR,),
        follows=OWNER, ins_status="QUAL", key="disputed",
        prouve="inscrite chez la titulaire, soignée seulement par le collaborateur (litige)",
        proves="on the owner's list, treated only by the collaborator (disputed)",
    ),
    Person(
        number=43, family="Roussel", given="Thibault", sex="M", birth=date(1991, 3, 17),
        seen=(OWNER, COLLABORATOR), ins_status="QUAL", key="shared",
        prouve="patient du collaborateur, une urgence chez la titulaire (partagé)",
        proves="the collaborator's patient, one emergency with the owner (shared)",
    ),
    Person(
        number=44, family="Bourdin", given="Josiane", sex="F", birth=date(1949, 8, 1), seen=(REPLACEMENT,),
        follows=OWNER, ins_status="QUAL", key="replacement_only", prouve="vue seulement par la remplaçante",
        proves="only seen by the replacement",
    ),
    Person(
        number=45, family="Perrichon", given="Gérard", sex="M", birth=date(1955, 11, 23),
        seen=(COLLABORATOR,),
        ins_status="QUAL", key="complete",
        prouve="le dossier complet : schéma, parodontogramme, devis signé, images, implant, laboratoire",
        proves="the complete dossier: chart, periodontal exam, signed quote, images, implant, laboratory",
    ),
    Person(
        number=46, family="Abgrall", given="Soizic", sex="F", birth=date(1966, 12, 12), seen=(COLLABORATOR,),
        ins_status="QUAL", key="explicitly_none",
        prouve="« aucune allergie », « aucun antécédent », « aucun traitement » déclarés",
        proves="no allergy, no problem, no medication, all declared",
    ),
    Person(
        number=47, family="Maillet", given="Pauline", sex="F", birth=date(2004, 2, 29), seen=(COLLABORATOR,),
        ins_status="QUAL", key="leap_day",
        prouve="née un 29 février ; mêmes traits que la n° 2 du successeur, qui n'a pas d'INS",
        proves="born on 29 February; same traits as no. 2 of the successor, who has no INS",
    ),
    Person(
        number=48, family="Fontanel", given="Raymonde", sex="F", birth=date(1924, 1, 2), seen=(FORMER, OWNER),
        ins_status="QUAL", key="centenarian", prouve="centenaire (année sur deux chiffres) ; actes de 1998",
        proves="over a hundred (two-digit year); acts of 1998",
    ),
    Person(
        number=49, family="Hervé", given="Hervé", sex="M", birth=date(1983, 5, 1), born_in_month=True,
        seen=(COLLABORATOR,), key="same_word", prouve="nom et prénom identiques ; né en mai 1983, jour inconnu",
        proves="family and given name are one word; born in May 1983, day unknown",
    ),
    Person(
        number=50, family="Le Bihan", given="Anaïs", sex="F", birth=date(1993, 4, 27), seen=(COLLABORATOR,),
        birth_family="Jaouen", ins_status="QUAL", key="regular_collaborator",
        prouve="patiente ordinaire du collaborateur", proves="ordinary patient of the collaborator",
    ),
)

# fmt: on
CAST = FAMILIES + HOMONYMS + NAMES + RELATIONS
"""The patients with a purpose."""
