"""Rules of SIGN.XML (PDLGC §5)."""

from __future__ import annotations

from formats.judging.pdlgc.profiles import WITH_XML
from formats.judging.rules import must, outside_rule, remark, rule_table, should
from formats.words import Words

XML = WITH_XML
SIGNATURE_RULES = rule_table(
    "PDLGC §5",
    must("sign-structure", "SIGN.XML est du XML bien formé, sans DTD, avec une ds:Signature complète et des Id uniques.", "SIGN.XML is well-formed XML without a DTD, with one whole ds:Signature and unique Ids.", profiles=XML),
    must("sign-limits", "La signature a au plus 110 000 références.", "The signature has 110,000 references at most.", profiles=XML),
    must("sign-references", "Chaque référence désigne un objet signé de SIGN.XML ou un fichier de l’archive, rien au dehors.", "Every reference names a signed object of SIGN.XML or a file of the archive, nothing outside.", profiles=XML),
    must("sign-transforms", "Aucune transformation que la canonicalisation ou enveloped-signature ; ni XSLT, ni XPath.", "No transform but canonicalization and enveloped-signature; neither XSLT nor XPath.", profiles=XML),
    must("sign-algorithms", "Algorithmes connus et encore sûrs : SHA-256 et plus, RSA de 2 048 bits et plus, ou ECDSA.", "Algorithms that are known and still safe: SHA-256 and more, RSA of 2,048 bits and more, or ECDSA.", profiles=XML),
    should("sign-preferred", "Canonicalisation exclusive, rsa-sha256 et SHA-256.", "Exclusive canonicalization, rsa-sha256 and SHA-256.", Words("Modèle de juillet ; le texte de septembre ne dit rien des algorithmes.", "Model of July; the text of September says nothing of algorithms."), profiles=XML),
    should("sign-form", "SignedInfo a deux références : un ds:Manifest et les SignedProperties.", "SignedInfo has two references: a ds:Manifest and the SignedProperties.", Words("Modèle de juillet ; des références directes dans SignedInfo sont admises.", "Model of July; references straight in SignedInfo are taken."), profiles=XML),
    must("sign-covers", "MANIFEST.XML et chaque archive sont signés.", "MANIFEST.XML and every archive are signed.", profiles=XML),
    must("sign-there", "Chaque fichier signé est là.", "Every file that is signed is there.", profiles=XML),
    must("sign-digests", "Chaque condensat signé est celui de l’objet ou du fichier.", "Every digest that is signed is that of the object or file.", profiles=XML),
    must("sign-certificate", "KeyInfo contient le certificat X.509 du signataire, en premier.", "KeyInfo holds the X.509 certificate of the signer, as the first one.", profiles=XML),
    should("sign-certificate-alone", "KeyInfo ne contient que ce certificat.", "KeyInfo holds that certificate alone.", Words("Modèle de juillet (X509Certificate 1..1) ; ceux au-dessus aident à trouver la racine.", "Model of July (X509Certificate 1..1); those above it help to find the root."), profiles=XML),
    must("sign-value", "La valeur de la signature est celle de la clé du certificat.", "The value of the signature is that of the key of the certificate.", profiles=XML),
    must("sign-properties", "XAdES : SignedProperties signées, un SigningCertificateV2 qui désigne le certificat.", "XAdES: SignedProperties are signed, one SigningCertificateV2 names the certificate.", profiles=XML),
    remark("sign-time", "SigningTime est dit, et le certificat était alors valable.", "SigningTime is stated, and the certificate was valid then.", profiles=XML),
    remark("sign-author", "Le certificat nomme l’éditeur de author.", "The certificate names the vendor of author.", Words("Qui signe quand le praticien ou un autre outil exporte : le guide ne le dit pas (§10.8, §10.13).", "Who signs where the practitioner or another tool exports: the guide does not say (§10.8, §10.13)."), profiles=XML),
    remark("sign-issuer", "Le certificat est de l’IGC Santé.", "The certificate is one of the IGC Santé.", Words("Juillet admettait toute autorité du RGS (§10.8).", "July took any authority of the RGS (§10.8)."), profiles=XML),
    outside_rule("sign-chain", "Le certificat mène, à l’heure dite, à une racine que vous admettez.", "The certificate leads, at the time stated, to a root that you accept.", Words("Aucune racine n’est livrée ici : --roots.", "No roots are shipped here: --roots.")),
    outside_rule("sign-revocation", "Aucune liste de révocation donnée ne nomme le certificat, ni ceux au-dessus.", "No revocation list that is given names the certificate, or one above it.", Words("Aucune liste n’est livrée ici : --crl, avec --roots.", "No lists are shipped here: --crl, with --roots.")),
    outside_rule("sign-stamp", "Chaque horodatage est un jeton RFC 3161 de cette signature, fait par le certificat qu’il nomme.", "Every time-stamp is a token of RFC 3161 over this signature, made by the certificate that it names.", Words("Aucun n’est exigé ; qui est l’autorité n’est pas jugé.", "None is required; who the authority is, is not judged.")),
)  # fmt: skip
