"""Code systems, notations and units of fields, and the tables of an archive that carry some of them."""

from __future__ import annotations

from formats.words import Words

COUNTRY = Words("ISO 3166 si la source l’emploie", "ISO 3166 where the source uses it")
CURRENCY = Words("code ISO 4217", "ISO 4217 code")
DICOM_MODALITY = Words("code de modalité DICOM (PS3.3)", "DICOM modality code (PS3.3)")
DICOM_UID = Words("UID DICOM", "DICOM UID")
DURATION = Words("durée ISO 8601", "ISO 8601 duration")
FDI = Words("numérotation FDI (ISO 3950)", "FDI numbering (ISO 3950)")
IANA_ZONE = Words("nom de fuseau IANA", "IANA time zone name")
INSEE = Words("code INSEE", "INSEE code")
LOINC = Words("code LOINC", "LOINC code")
MEDIA_TYPE = Words("type de média IANA", "IANA media type")
MISSING_REASON = Words(
    "code de raison (archive de patient, 8)", "code of a reason (plain archive of a patient, 8)"
)
OID_OR_URI = Words("OID ou URI", "OID or URI")
RNIV = Words("attributs de l’identité (RNIV)", "attributes of the identity (RNIV)")
UCUM = Words("code UCUM", "UCUM code")
UUID = Words("UUID", "UUID")

BYTES = Words("octets", "bytes")
CENTS = Words("centimes de la monnaie du cabinet", "cents of the practice's currency")
DEGREES = Words("degrés", "degrees")
MILLIMETRES_OR_DEGREES = Words(
    "millimètres ou degrés, selon la marque", "millimetres or degrees, by the mark"
)
MILLIMETRES_OR_GRADES = Words(
    "millimètres ou degrés cliniques, selon la mesure", "millimetres or grades, by the measure"
)
MINUTES = Words("minutes", "minutes")
PIXELS = Words("pixels", "pixels")

NAMES = "DATA/NAMES.CSV"
SOURCE = "DATA/SOURCE.NDJ"
