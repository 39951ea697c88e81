"""Write reference/dependencies.md of each language and the bill of materials sbom.cdx.json; ``--check`` compares.

From ``requirements.lock`` (which packages, which versions), ``pyproject.toml`` (which of them the program
asks for itself), ``archiver/opener/package-lock.json`` (those whose code lies in OUVRIR.HTM) and
``.ci/dependencies.toml`` (why, licence, date, who could take their place): nothing depends on the day, the machine, or
what is installed.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

sys.path.insert(0, str(Path(__file__).parent))

from npm_lock import npm_component, npm_packages, npm_reference

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PAGE_LOCK = ROOT / "archiver" / "opener" / "package-lock.json"
PAGES = {language: ROOT / "docs" / language / "reference" / "dependencies.md" for language in ("fr", "en")}
BILL = ROOT / "sbom.cdx.json"
FACTS = tomllib.loads((ROOT / ".ci" / "dependencies.toml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MARK = (
    "<!-- Written by .ci/dependencies.py from requirements.lock and .ci/dependencies.toml; do not edit. -->"
)
HEADS = {
    "fr": f"""\
# Dépendances

{MARK}

Tout ce qui s’installe avec le programme, à la version que fixe `requirements.lock` ; un essai compare. La même liste
pour les machines : [`sbom.cdx.json`](../../../sbom.cdx.json) (CycloneDX 1.6).

## Demandées par le programme

| paquet | version | publiée le | licence | pourquoi | à sa place |
|---|---|---|---|---|---|
""",
    "en": f"""\
# Dependencies

{MARK}

Everything that is installed with the program, in the version that `requirements.lock` pins; a test compares. The same
list for machines: [`sbom.cdx.json`](../../../sbom.cdx.json) (CycloneDX 1.6).

## Asked for by the program

| package | version | released | licence | why | instead |
|---|---|---|---|---|---|
""",
}
THROUGH = {
    "fr": """
## Demandées par celles-là

Elles partent avec qui les demande.

| paquet | version | licence | pour |
|---|---|---|---|
""",
    "en": """
## Asked for by those

They go with whoever asks for them.

| package | version | licence | for |
|---|---|---|---|
""",
}
IN_PAGE = {
    "fr": """
## Dans la page qui ouvre les paquets

Des paquets npm dont le code est dans `OUVRIR.HTM`, avec leurs licences, aux versions que fixe
`archiver/opener/package-lock.json`. Rien ne s’en installe avec le programme.

| paquet | version | publiée le | licence | pourquoi | à sa place |
|---|---|---|---|---|---|
""",
    "en": """
## In the page that opens packages

npm packages whose code lies in `OUVRIR.HTM`, with their licences, in the versions that
`archiver/opener/package-lock.json` pins. Nothing of them is installed with the program.

| package | version | released | licence | why | instead |
|---|---|---|---|---|---|
""",
}
BUILDING = {"fr": "construire le programme", "en": "building the program"}


def pinned_versions() -> dict[str, list[str]]:
    """Return the versions that the lock pins, by package; one that depends on the Python has several."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE
    ):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def requirements() -> set[str]:
    """Return what ``pyproject.toml`` asks for: for every system, and with every extra."""
    lines = [
        *PROJECT["dependencies"],
        *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
    ]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def faults() -> list[str]:
    """Return what the facts lack, or have too much."""
    versions, facts = pinned_versions(), {**FACTS["direct"], **FACTS["through"], **FACTS["build"]}
    found = [
        f"{name} is locked, and .ci/dependencies.toml says nothing of it"
        for name in versions.keys() - facts.keys()
    ]
    found += [
        f"{name} is not locked any more: take it out of .ci/dependencies.toml"
        for name in facts.keys() - versions.keys()
    ]
    found += [
        f"{name} is asked for directly, or is not: pyproject.toml"
        for name in requirements() ^ FACTS["direct"].keys()
    ]
    found += [
        f"{name}: {', '.join(versions[name])} is locked; say in .ci/dependencies.toml when it was released"
        for name, one in FACTS["direct"].items()
        if one["version"] not in versions.get(name, ())
    ]
    shipped = {name: one.version for name, one in npm_packages(PAGE_LOCK).items()}
    found += [
        f"{name}: the page has {shipped.get(name)}, .ci/dependencies.toml says {stated}"
        for name in shipped.keys() | FACTS["page"].keys()
        if shipped.get(name) != (stated := FACTS["page"].get(name, {}).get("version"))
    ]
    return sorted(found)


def page(language: str) -> str:
    """Return the page in ``language``."""
    versions = pinned_versions()
    rows = [
        (
            f"{name} (`[{one['extra']}]`)" if "extra" in one else name,
            ", ".join(versions[name]),
            f"{one['released']:%Y-%m-%d}",
            one["licence"],
            one[language],
            one.get(f"instead_{language}", one["instead"]),
        )
        for name, one in sorted(FACTS["direct"].items())
    ]
    beside = [
        (name, ", ".join(versions[name]), one["licence"], ", ".join(one["by"]))
        for name, one in sorted(FACTS["through"].items())
    ]
    beside += [
        (name, ", ".join(versions[name]), one["licence"], BUILDING[language])
        for name, one in sorted(FACTS["build"].items())
    ]
    return HEADS[language] + _table(rows) + THROUGH[language] + _table(beside) + _in_page(language)


def _in_page(language: str) -> str:
    rows = []
    for name, one in npm_packages(PAGE_LOCK).items():
        facts = FACTS["page"][name]
        instead = facts.get(f"instead_{language}", facts["instead"])
        rows.append(
            (name, one.version, f"{facts['released']:%Y-%m-%d}", one.licence, facts[language], instead)
        )
    return IN_PAGE[language] + _table(rows)


def _table(rows: list[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def bill() -> str:
    """Return the bill of materials: CycloneDX 1.6, in JSON."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    page_digest = hashlib.sha256(PAGE_LOCK.read_bytes()).hexdigest()
    shipped = npm_packages(PAGE_LOCK)
    facts = {**FACTS["direct"], **FACTS["through"], **FACTS["build"]}
    versions = {name: found for name, found in sorted(pinned_versions().items()) if name in facts}
    own = f"pkg:pypi/archiver@{_own_version()}"
    document: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{own}#{digest}#{page_digest}')}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "archiver",
                "version": _own_version(),
                "purl": own,
                "licenses": [{"license": {"id": PROJECT["license"]}}],
            },
            "properties": [
                {"name": "archiver:requirements.lock:sha256", "value": digest},
                {"name": "archiver:opener:package-lock.json:sha256", "value": page_digest},
            ],
        },
        "components": [
            *(
                _component(name, version, facts[name])
                for name, found in versions.items()
                for version in found
            ),
            *(npm_component(name, one) for name, one in shipped.items()),
        ],
        "dependencies": _graph(own, versions) + _page_graph(),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _own_version() -> str:
    (found,) = re.findall(
        r'^__version__ = "(.+)"$', (ROOT / "archiver" / "__init__.py").read_text(), re.MULTILINE
    )
    return str(found)


def _component(name: str, version: str, facts: dict[str, Any]) -> dict[str, Any]:
    licence = facts["licence"]
    stated = (
        {"license": {"id": licence}} if re.fullmatch(r"[A-Za-z0-9.-]+", licence) else {"expression": licence}
    )
    needed = "required" if name not in FACTS["build"] else "excluded"
    reference = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": reference,
        "name": name,
        "version": version,
        "scope": "optional" if "extra" in facts else needed,
        "licenses": [stated],
        "purl": reference,
    }


def _graph(own: str, versions: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return who asks for whom."""
    below: dict[str, list[str]] = {name: [] for name in versions}
    for name, facts in FACTS["through"].items():
        for parent in facts["by"]:
            below[parent] += [f"pkg:pypi/{name}@{version}" for version in versions[name]]
    direct = [f"pkg:pypi/{name}@{version}" for name in sorted(FACTS["direct"]) for version in versions[name]]
    shipped = npm_packages(PAGE_LOCK)
    direct += [npm_reference(name, one) for name, one in shipped.items() if one.direct]
    graph = [{"ref": own, "dependsOn": direct}]
    for name, found in versions.items():
        graph += [
            {"ref": f"pkg:pypi/{name}@{version}", "dependsOn": sorted(below[name])} for version in found
        ]
    return graph


def _page_graph() -> list[dict[str, Any]]:
    """Return who asks for whom within the page."""
    shipped = npm_packages(PAGE_LOCK)
    return [
        {
            "ref": npm_reference(name, one),
            "dependsOn": [npm_reference(below, shipped[below]) for below in one.below],
        }
        for name, one in shipped.items()
    ]


def files() -> dict[Path, str]:
    """Return each page, and the bill, with its text."""
    return {path: page(language) for language, path in PAGES.items()} | {BILL: bill()}


if __name__ == "__main__":
    from generated_files import write_or_check

    complaints = faults()
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else write_or_check(files()))
