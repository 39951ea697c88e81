"""Pages that do more than show, and pages that say something else than the data beside them."""

from __future__ import annotations

import base64
import hashlib

from tests.vectors.generator import dossier, small_pictures, unit
from tests.vectors.generator.case import ARCHIVE, DOSSIERS, Case, Flaws
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.package import base_entries, base_units, entry, package

PAGE = (
    '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>{head}<title>EXEMPLE</title></head>'
    "<body>{body}</body></html>"
)
PAGES = {
    "script": "<script>alert(1)</script>",
    "frame": '<iframe src="http://127.0.0.1/"></iframe>',
    "form": '<form action="http://127.0.0.1/"><input name="a"/></form>',
    "event handler": '<p onmouseover="alert(1)">EXEMPLE</p>',
    "link outside": '<a href="http://127.0.0.1/">EXEMPLE</a>',
    "link that runs": '<a href="javascript:alert(1)">EXEMPLE</a>',
    "picture outside": '<img src="//127.0.0.1/a.png" alt=""/>',
    **{
        f"picture inside it: {what}": f'<img src="data:{kind};base64,{base64.b64encode(data).decode()}" alt=""/>'
        for what, (kind, data) in small_pictures.HIDING.items()
    },
    "link to a picture inside it": f'<a href="{small_pictures.uri(small_pictures.PLAIN)}">x</a>',
    "style that fetches": "<style>p { background: url(http://127.0.0.1/a.png) }</style>",
    "refresh": '<meta http-equiv="refresh" content="0; url=http://127.0.0.1/"/>',
    "base": '<base href="http://127.0.0.1/"/>',
    "drawing that runs": '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "comment": "<!-- > <script>alert(1)</script> -->",
    "CDATA section": "<![CDATA[ > <script>alert(1)</script> ]]>",
    "instruction": "<?evil > <script>alert(1)</script> ?>",
    "unclosed element": "<p>EXEMPLE",
    **{
        f"link to a file that runs: {ending}": f'<a href="IHE_XDM/SUBSET01/DOC00001.{ending}">lettre</a>'
        for ending in ("HTM", "XHT", "SVG", "MHT", "HTA", "URL", "LNK", "JS", "XML", "PS1")
    },
}
"""What the page of an archive may not hold."""
VERSION = 12
"""Version of the page's look: one of another version is not compared with the data."""
ZONE = "Etc/UTC"
RULES = hashlib.sha256(b"-2208988800 0\n").hexdigest()[:16]
"""What a page says of a zone that is never shifted: one line, from 1900 on no seconds from UTC."""
FOREIGN = {
    "of another patient": "<h1>EXEMPLE B</h1>",
    "of an allergy that the data do not have": "<h1>EXEMPLE A</h1><p>Pénicilline</p>",
    "of nothing": "",
}
"""What no program makes of the dossier of EXEMPLE A."""


def cases() -> Flaws:
    """Yield every case of this family."""
    for what, inside in PAGES.items():
        page = PAGE.format(head="", body=inside).encode()
        yield Case(
            family="page",
            name=what,
            wrong=f"the page holds: {what}",
            reader=ARCHIVE,
            code="page-unsafe",
            data=dossier.archive(change=lambda parts, page=page: parts.update({"INDEX.HTM": page})),
        )
    for what, inside in FOREIGN.items():
        yield Case(
            family="page-mismatch",
            name=what,
            wrong=f"the signer himself put in a page {what}, and says which version made it",
            reader=DOSSIERS,
            code="page-mismatch",
            data=package_with_page(inside),
            opened=True,
            unsealed=True,
        )


def package_with_page(body: str, *, version: int = VERSION, rules: str = RULES) -> bytes:
    """Return a package whose first dossier has another page, which says that this ``version`` made it."""
    made = f'<meta name="generator" content="exemple 1.0; page {version}; zone {rules}"/>'
    page = PAGE.format(head=made, body=body).encode()

    def change(parts: dossier.Parts) -> None:
        parts["INDEX.HTM"] = page
        parts[dossier.DOSSIER] = parts[dossier.DOSSIER].replace(b"Europe/Paris", ZONE.encode())

    archive = dossier.archive("a", change=change)
    units = {**base_units(), unit_id("a"): unit.sealed(archive, "a")}
    return package(units=units, entries=[entry("a", archive), *base_entries()[1:]])
