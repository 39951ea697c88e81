"""Ways in which what was handed over is not what was said of it."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.errors import PackageFailure
from formats.errors import Failure
from formats.findings import Finding
from formats.words import mark, plural


class SignerUnnamed(PackageFailure):
    """A package that somebody signed anew without being able to open it."""

    code = "signer-unnamed"
    sentence = mark(
        "The keyring of revision {revision} names others than those who signed it: somebody who cannot open "
        "the package signed it as their own. Ask the sender for the package as it was."
    )


class TermsDiffer(PackageFailure):
    """A public manifest that states other terms than the keyring."""

    code = "terms-differ"
    sentence = mark(
        "The public manifest and the keyring say different things about {field}: the manifest was changed by "
        "somebody who cannot open the package. Ask the sender for the package as it was."
    )


class RevisionUnproven(PackageFailure):
    """A later revision whose maker did not open the package: no keyring knows of it."""

    code = "revision-unproven"
    sentence = mark(
        "Revision {revision} was made by somebody who cannot open the package. Use the revision before it, "
        "or ask the sender."
    )


class PatientsMismatch(PackageFailure):
    code = "patients-mismatch"
    sentence = mark("The patients of the keyring are not those whom the signed manifest commits to.")


class CountsDiffer(Failure):
    code = "counts-differ"
    sentence = mark("The counts differ for {kind}: expected {expected}, found {found}.")


class ReceiptUnreadable(Failure):
    code = "receipt-unreadable"
    sentence = mark("This is no receipt of an import: {reason}. Ask the receiver for the JSON file.")


class ReceiptNewer(Failure):
    code = "receipt-newer"
    sentence = mark(
        "A newer version of this program made this receipt (version {found} of its form, {known} is known here): "
        "install that version, or a newer one. Nothing was changed."
    )


class ReceiptDiffers(Failure):
    """A receipt that is not of what was sent; each difference was named before."""

    code = "receipt-differs"
    sentence = plural(
        "The receipt is not of what was sent: {count} difference. Keep what was sent, and ask the receiver.",
        "The receipt is not of what was sent: {count} differences. Keep what was sent, and ask the receiver.",
    )


class HandoverUnknown(Failure):
    code = "handover-unknown"
    sentence = mark(
        "This practice store remembers no export of package {package}. Where this practice made it, enter it "
        "from the package itself: archiver handover record --package."
    )


class HandoverForeign(Failure):
    code = "handover-foreign"
    sentence = mark(
        "Package {package} was sent by {sender}, and this practice store is that of {practice}: only what a "
        "practice sent itself is in the record of its exports. Nothing was changed."
    )


class UnitUnknown(Failure):
    """A name or number under which a package holds nobody."""

    code = "unit-unknown"
    sentence = mark("The package holds no patient of this name or number: {wanted}. Nearest: {near}.")


class UnitAmbiguous(Failure):
    code = "unit-ambiguous"
    sentence = plural(
        "{count} patient of the package fits: {wanted}. Say which by the number: {near}.",
        "{count} patients of the package fit: {wanted}. Say which by the number: {near}.",
    )


class ReceiverUnknown(Failure):
    """A receipt to sign that names nobody who received."""

    code = "receiver-unknown"
    sentence = mark(
        "This receipt does not say who received, since the store did not say whose it is: import again with "
        "--practice, or collect your own practice first."
    )


class DeliveriesRefused(Failure):
    """Deliveries of which some cannot be written down: ``findings`` says of each why."""

    code = "deliveries-refused"
    sentence = plural(
        "{count} error in what was handed over; nothing was written down.",
        "{count} errors in what was handed over; nothing was written down.",
    )
    findings: Sequence[Finding] = ()
