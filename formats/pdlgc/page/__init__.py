"""INDEX.HTM: one dossier as a page that opens with a double click, in French and English.

No script, no network, nothing outside the archive; well-formed XML, so that
any tool can read it too. Every text of the dossier is escaped by ``markup.text``;
the type ``Html`` keeps unescaped text from slipping in.
"""
