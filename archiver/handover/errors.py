"""Ways in which what was handed over is not what was said of it."""

from __future__ import annotations

from archiver.errors import PackageFailure
from formats.errors import Failure
from formats.words import mark


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
