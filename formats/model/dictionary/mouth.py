"""Chart and periodontal examinations."""

from __future__ import annotations

from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import FDI, MILLIMETRES_OR_DEGREES, MILLIMETRES_OR_GRADES
from formats.model.mouth import (
    ChartFinding,
    ChartKind,
    PerioExam,
    PerioKind,
    PerioMeasure,
    PerioSite,
    Surface,
)
from formats.words import Words, mark

FIELDS: Fields = {
    ChartFinding: {
        "finding": FieldEntry(Words("Marque", "Mark"), mark("What the mark says."), Privacy.CARE),
        "tooth": FieldEntry(
            Words("Dent", "Tooth"),
            mark("The tooth; empty where the mark is about the whole mouth."),
            Privacy.CARE,
            codes=FDI,
        ),
        "surfaces": FieldEntry(
            Words("Faces", "Surfaces"), mark("Surfaces of the tooth that are marked."), Privacy.CARE
        ),
        "code": FieldEntry(
            Words("Code", "Code"),
            mark("The source's own name of the mark, e.g. the axis of a movement."),
            Privacy.CARE,
        ),
        "value": FieldEntry(
            Words("Valeur", "Value"), mark("Extent of a movement."), Privacy.CARE, unit=MILLIMETRES_OR_DEGREES
        ),
        "text": FieldEntry(
            Words("Texte", "Text"),
            mark(
                "Words on the chart, or a drawing in the source's own notation; INDEX.HTM has of a drawing the number "
                "of its points, and of words not where they stand."
            ),
            Privacy.CARE,
        ),
        "recorded_on": FieldEntry(
            Words("Relevé le", "Recorded on"), mark("Date on which the mark was made."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Praticien", "Practitioner"), mark("Who made the mark."), Privacy.CARE
        ),
    },
    PerioMeasure: {
        "tooth": FieldEntry(
            Words("Dent", "Tooth"), mark("The tooth that was measured."), Privacy.CARE, codes=FDI
        ),
        "measure": FieldEntry(Words("Mesure", "Measure"), mark("What was measured."), Privacy.CARE),
        "site": FieldEntry(Words("Site", "Site"), mark("Site of the tooth."), Privacy.CARE),
        "value": FieldEntry(
            Words("Valeur", "Value"),
            mark("The value; a negative gingival margin lies coronal to the cemento-enamel junction."),
            Privacy.CARE,
            unit=MILLIMETRES_OR_GRADES,
        ),
    },
    PerioExam: {
        "examined_on": FieldEntry(Words("Date", "Date"), mark("Date of the examination."), Privacy.CARE),
        "practitioner": FieldEntry(Words("Praticien", "Practitioner"), mark("Who examined."), Privacy.CARE),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the examination."), Privacy.CARE
        ),
        "measures": FieldEntry(
            Words("Mesures", "Measures"),
            mark("What was measured; a site without a measure is absent, never zero."),
            Privacy.CARE,
        ),
    },
}
CODES: Codes = {
    Surface: {
        Surface.MESIAL: Words("mésiale", "mesial"),
        Surface.OCCLUSAL: Words("occlusale", "occlusal"),
        Surface.INCISAL: Words("incisive", "incisal"),
        Surface.DISTAL: Words("distale", "distal"),
        Surface.BUCCAL: Words("vestibulaire", "buccal"),
        Surface.LINGUAL: Words("linguale ou palatine", "lingual or palatal"),
        Surface.CERVICAL: Words("cervicale", "cervical"),
    },
    ChartKind: {
        ChartKind.MISSING: Words("absente", "missing"),
        ChartKind.HIDDEN: Words("masquée", "hidden"),
        ChartKind.PRIMARY: Words("dent temporaire", "primary tooth"),
        ChartKind.MOVEMENT: Words("déplacement", "movement"),
        ChartKind.DRAWING: Words("dessin", "drawing"),
        ChartKind.TEXT: Words("texte", "text"),
        ChartKind.CONDITION: Words("constat", "condition"),
        ChartKind.OTHER: Words("autre", "other"),
    },
    PerioKind: {
        PerioKind.PROBING: Words("Profondeur de sondage (mm)", "Probing depth (mm)"),
        PerioKind.GINGIVAL_MARGIN: Words("Bord gingival (mm)", "Gingival margin (mm)"),
        PerioKind.MUCOGINGIVAL_JUNCTION: Words("Ligne muco-gingivale (mm)", "Mucogingival junction (mm)"),
        PerioKind.ATTACHMENT_LEVEL: Words("Niveau d’attache (mm)", "Attachment level (mm)"),
        PerioKind.MOBILITY: Words("Mobilité (degré)", "Mobility (grade)"),
        PerioKind.FURCATION: Words("Furcation (degré)", "Furcation (grade)"),
        PerioKind.BLEEDING: Words("Saignement", "Bleeding"),
        PerioKind.SUPPURATION: Words("Suppuration", "Suppuration"),
        PerioKind.PLAQUE: Words("Plaque", "Plaque"),
        PerioKind.CALCULUS: Words("Tartre", "Calculus"),
        PerioKind.SKIPPED: Words("Non mesurée", "Skipped"),
    },
    PerioSite: {
        PerioSite.MESIOBUCCAL: Words("mésio-vestibulaire", "mesiobuccal"),
        PerioSite.BUCCAL: Words("vestibulaire", "buccal"),
        PerioSite.DISTOBUCCAL: Words("disto-vestibulaire", "distobuccal"),
        PerioSite.MESIOLINGUAL: Words("mésio-lingual", "mesiolingual"),
        PerioSite.LINGUAL: Words("lingual", "lingual"),
        PerioSite.DISTOLINGUAL: Words("disto-lingual", "distolingual"),
        PerioSite.TOOTH: Words("dent", "tooth"),
    },
}
