"""Medical devices and laboratory work."""

from __future__ import annotations

from formats.model.devices import LabOrder, MedicalDevice
from formats.model.dictionary.entry import FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import CENTS, FDI, OID_OR_URI
from formats.words import Words, mark

FIELDS: Fields = {
    MedicalDevice: {
        "code_system": FieldEntry(
            Words("Terminologie", "Code system"),
            mark("Terminology the code of the device is of."),
            Privacy.CARE,
            codes=OID_OR_URI,
        ),
        "code": FieldEntry(
            Words("Code", "Code"), mark("Code of the type of device in its terminology."), Privacy.CARE
        ),
        "label": FieldEntry(
            Words("Dispositif", "Device"),
            mark("What kind of device it is, in the words of the source."),
            Privacy.CARE,
        ),
        "manufacturer": FieldEntry(
            Words("Fabricant", "Manufacturer"), mark("Who made the device."), Privacy.CARE
        ),
        "model": FieldEntry(
            Words("Modèle", "Model"), mark("Name that the manufacturer gives the device."), Privacy.CARE
        ),
        "part_number": FieldEntry(
            Words("Référence", "Catalogue number"),
            mark("Catalogue number (REF) of the device."),
            Privacy.CARE,
        ),
        "lot": FieldEntry(Words("Lot", "Lot"), mark("Lot the device was made in."), Privacy.CARE),
        "serial": FieldEntry(
            Words("Numéro de série", "Serial number"), mark("Serial number of the device."), Privacy.CARE
        ),
        "udi": FieldEntry(
            Words("IUD", "UDI"),
            mark("Unique device identification, whole, in readable form."),
            Privacy.CARE,
        ),
        "udi_di": FieldEntry(
            Words("IUD-ID", "UDI-DI"), mark("Device identifier of the UDI: the model."), Privacy.CARE
        ),
        "manufactured_on": FieldEntry(
            Words("Fabriqué le", "Made on"), mark("Day on which the device was made."), Privacy.CARE
        ),
        "expires_on": FieldEntry(
            Words("Péremption", "Expiry"), mark("Day until which the device could be used."), Privacy.CARE
        ),
        "teeth": FieldEntry(
            Words("Dents", "Teeth"), mark("Teeth whose place the device is in."), Privacy.CARE, codes=FDI
        ),
        "implanted_on": FieldEntry(
            Words("Posé le", "Implanted on"), mark("Day on which it was put in."), Privacy.CARE
        ),
        "removed_on": FieldEntry(
            Words("Déposé le", "Removed on"), mark("Day on which it was taken out."), Privacy.CARE
        ),
        "act": FieldEntry(Words("Acte", "Act"), mark("The act that put it in."), Privacy.CARE),
        "practitioner": FieldEntry(Words("Praticien", "Practitioner"), mark("Who put it in."), Privacy.CARE),
        "document": FieldEntry(
            Words("Document", "Document"),
            mark("The paper that shows what traces it, such as the sticker."),
            Privacy.CARE,
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the device."), Privacy.CARE
        ),
    },
    LabOrder: {
        "laboratory": FieldEntry(
            Words("Laboratoire", "Laboratory"), mark("Dental laboratory that does the work."), Privacy.CARE
        ),
        "label": FieldEntry(Words("Travail", "Work"), mark("What was ordered."), Privacy.CARE),
        "shade": FieldEntry(Words("Teinte", "Shade"), mark("Shade of the work."), Privacy.CARE),
        "teeth": FieldEntry(Words("Dents", "Teeth"), mark("Teeth the work is for."), Privacy.CARE, codes=FDI),
        "instructions": FieldEntry(
            Words("Consignes", "Instructions"), mark("What the laboratory was asked to do."), Privacy.CARE
        ),
        "ordered_at": FieldEntry(
            Words("Commandé le", "Ordered"), mark("Moment at which the order was written."), Privacy.CARE
        ),
        "sent_at": FieldEntry(
            Words("Envoyé le", "Sent"), mark("Moment at which it went to the laboratory."), Privacy.CARE
        ),
        "due_at": FieldEntry(Words("Prévu le", "Due"), mark("Moment for which it was asked."), Privacy.CARE),
        "received_at": FieldEntry(
            Words("Reçu le", "Received"), mark("Moment at which it came back."), Privacy.CARE
        ),
        "checked_at": FieldEntry(
            Words("Contrôlé le", "Checked"),
            mark("Moment at which the practice found the work good."),
            Privacy.CARE,
        ),
        "practitioner": FieldEntry(Words("Praticien", "Practitioner"), mark("Who ordered it."), Privacy.CARE),
        "appointment": FieldEntry(
            Words("Rendez-vous", "Appointment"),
            mark("The appointment the work is for."),
            Privacy.CARE,
            left_out=mark(
                "Appointments have a section of their own; which work belongs to which is in DATA/DOSSIER.JSO."
            ),
        ),
        "act": FieldEntry(Words("Acte", "Act"), mark("The act the work is for."), Privacy.CARE),
        "cost_cents": FieldEntry(
            Words("Prix du laboratoire", "Laboratory fee"),
            mark("What the laboratory charges."),
            Privacy.ADMINISTRATIVE,
            unit=CENTS,
        ),
        "invoice": FieldEntry(
            Words("Facture du laboratoire", "Laboratory invoice"),
            mark("Number of the laboratory's invoice."),
            Privacy.ADMINISTRATIVE,
        ),
    },
}
