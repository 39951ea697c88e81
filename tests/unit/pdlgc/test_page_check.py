"""A page that could do anything but show is refused, and every page of ours passes."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest

from formats.errors import LimitExceeded
from formats.pdlgc.endings import RUNNING
from formats.pdlgc.errors import PageUnsafe
from formats.pdlgc.page.unsafe_content import check_page
from tests.dossiers import full_dossier
from tests.unit.pdlgc.test_page import HOSTILE, empty, page

PLAIN = (
    '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="fr"><head><title>T</title>'
    "<style>p { color: red; }</style></head><body><p>Texte</p></body></html>\n"
)


def test_a_link_may_lead_to_any_file_that_only_opens() -> None:
    for place in (
        "README.TXT",
        "IHE_XDM/SUBSET01/DOC00001.BIN",
        "DICOM/PAT00001/ST1/SE1/IM1",
        "IHE_XDM/SUBSET01/DOC00001.PDF",
    ):
        check_page(BytesIO(PLAIN.replace("<p>", f'<p><a href="{place}">x</a>').encode()))


def test_our_pages_pass() -> None:
    whole = full_dossier()
    hostile = replace(whole, practice=replace(whole.practice, name=HOSTILE))
    for one in (page(whole), page(empty()), page(hostile), PLAIN):
        check_page(BytesIO(one.encode()))


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<script src="X.JS"></script>',
        '<iframe src="DATA/X.TXT"></iframe>',
        '<frame src="X"/>',
        '<object data="X"></object>',
        '<embed src="X"/>',
        '<form action="X"></form>',
        "<input/>",
        '<link rel="stylesheet" href="X.CSS"/>',
        '<base href="http://127.0.0.1/"/>',
        '<meta http-equiv="refresh" content="0; url=http://127.0.0.1/"/>',
        '<p onclick="alert(1)">x</p>',
        '<p style="background: url(http://127.0.0.1/)">x</p>',
        '<a href="http://127.0.0.1/">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="//127.0.0.1/x">x</a>',
        '<a href="../../x">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="\\\\127.0.0.1\\x">x</a>',
        '<img src="http://127.0.0.1/x.png" alt=""/>',
        '<img src="X.PNG" srcset="http://127.0.0.1/x 2x" alt=""/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><use href="X"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><a xmlns:x="http://www.w3.org/1999/xlink" x:href="X">x</a></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>',
        '<math xmlns="http://www.w3.org/1998/Math/MathML"/>',
        '<x:p xmlns:x="urn:x">x</x:p>',
        *(f'<a href="IHE_XDM/SUBSET01/DOC00001.{ending}">x</a>' for ending in sorted(RUNNING)),
        '<img src="IHE_XDM/SUBSET01/DOC00001.SVG" alt=""/>',
        "<style>@import 'x';</style>",
        "<style>p { background: url(x); }</style>",
        "<style>p { background: u\\72l(x); }</style>",
        "<!-- > <script>alert(1)</script> -->",
        "<![CDATA[ > <script>alert(1)</script> ]]>",
        "<?x > <script>alert(1)</script> ?>",
        "<template><p>x</p></template>",
        "<noscript>x</noscript>",
        "<textarea></textarea>",
        "<video></video>",
        "<p>not closed",
        "<p a=b>x</p>",
        "&nbsp;",
        "<p/>" * 3 + "<P>x</P>",
        "<div>" * 100 + "</div>" * 100,
    ],
)
def test_a_page_that_does_more_than_show_is_refused(inside: str) -> None:
    with pytest.raises(PageUnsafe):
        check_page(BytesIO(PLAIN.replace("<p>Texte</p>", inside).encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<!DOCTYPE html>", '<!DOCTYPE html SYSTEM "http://127.0.0.1/x.dtd">'),
        ("<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY x "y">]>'),
        ("<!DOCTYPE html>", "<!DOCTYPE svg>"),
        ("<!DOCTYPE html>", '<?xml-stylesheet href="x.xsl" type="text/xsl"?>'),
        ("<!DOCTYPE", "\ufeff<!DOCTYPE"),
        ("http://www.w3.org/1999/xhtml", "urn:other"),
    ],
)
def test_a_page_of_another_kind_is_refused(old: str, new: str) -> None:
    with pytest.raises(PageUnsafe):
        check_page(BytesIO(PLAIN.replace(old, new).encode()))


def test_a_tag_without_an_end_is_not_waited_for() -> None:
    with pytest.raises((PageUnsafe, LimitExceeded)):
        check_page(BytesIO(PLAIN.replace("<p>", '<p title="' + "x" * 1_000_000).encode()))
