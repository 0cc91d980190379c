#!/usr/bin/env python3
"""Writes what is inside the released programs: a CycloneDX SBOM, and the licences of everything in them.

    packaging/contents.py DIRECTORY    leaves clerk-mcp-VERSION.cdx.json and THIRD-PARTY-LICENSES.txt there

Both come from what cargo links into the programs of all targets and into the component, not from all of Cargo.lock.
"""

import json
import re
import subprocess
import sys
import tomllib
import uuid
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|unlicense)", re.IGNORECASE)
# What is in the programs and no crate. The texts are those of the crates with the same licences.
BESIDES = """\
Rust's standard library (https://www.rust-lang.org): MIT OR Apache-2.0
musl, in the programs for Linux (https://musl.libc.org): MIT
mingw-w64's runtime, in the programs for Windows (https://www.mingw-w64.org): public domain, ZPL-2.1 and BSD-like, as its COPYING says
LLVM's compiler-rt and libunwind, as Zig builds them: Apache-2.0 WITH LLVM-exception
"""


def main(arguments):
    if len(arguments) != 1:
        return __doc__
    directory = Path(arguments[0])
    directory.mkdir(parents=True, exist_ok=True)
    packages = inside()
    bom = Path(directory, f"clerk-mcp-{version()}.cdx.json")
    bom.write_text(sbom(packages))
    licences = Path(directory, "THIRD-PARTY-LICENSES.txt")
    licences.write_text(licence_texts(packages))
    print(f"{len(packages)} packages: {bom}, {licences}")
    return 0


def version():
    return tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]


def inside():
    """The packages that are linked: {id: metadata}, ours among them."""
    targets = tomllib.loads((ROOT / "packaging/package.toml").read_text())["targets"]
    targets = [f"--target={target['rust']}" for target in targets]
    linked = tree("clerk-mcp", "--no-default-features", *targets) | tree("clerk-tools", "--target=wasm32-wasip2")
    described = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    return {
        package["id"]: package
        for package in sorted(described, key=lambda package: (package["name"], package["version"]))
        if (package["name"], package["version"]) in linked
    }


def tree(package, *options):
    """The names and versions of what a package links; macros and build scripts only run while it is built."""
    printed = cargo("tree", "--package", package, *options, "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}")
    pairs = (line.split()[:2] for line in printed.splitlines() if line)
    return {(name, number.removeprefix("v")) for name, number in pairs}


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments, "--locked"], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def sbom(packages):
    checksums = {
        (package["name"], package["version"]): package.get("checksum")
        for package in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    }
    components = {id: component(package, checksums[package["name"], package["version"]]) for id, package in packages.items()}
    program = next(id for id, package in packages.items() if package["name"] == "clerk-mcp")
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"clerk-mcp {version()} {len(packages)}"))
    # The same bytes for the same source.
    bom.metadata.timestamp = datetime.fromtimestamp(0, UTC)
    bom.metadata.component = components[program]
    bom.components.update(value for id, value in components.items() if id != program)
    for node in json.loads(cargo("metadata", "--format-version", "1"))["resolve"]["nodes"]:
        if node["id"] in components:
            bom.register_dependency(components[node["id"]], edges(node, components))
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"the SBOM is not valid: {error}")
    return text + "\n"


def edges(node, components):
    normal = (link["pkg"] for link in node["deps"] if any(kind["kind"] is None for kind in link["dep_kinds"]))
    return [components[id] for id in normal if id in components]


def component(package, checksum):
    return Component(
        type=ComponentType.APPLICATION if package["name"] == "clerk-mcp" else ComponentType.LIBRARY,
        name=package["name"],
        version=package["version"],
        description=package["description"],
        licenses=[LicenseExpression(expression(package))],
        purl=PackageURL("cargo", name=package["name"], version=package["version"]),
        bom_ref=f"{package['name']}@{package['version']}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksum)] if checksum else [],
    )


def expression(package):
    # The form of before SPDX expressions.
    return (package["license"] or "MIT").replace("/", " OR ")


def licence_texts(packages):
    """Each text once, with the packages that it is for."""
    texts, without = {}, []
    for package in packages.values():
        if package["source"] is None:
            continue
        found = [file for file in sorted(Path(package["manifest_path"]).parent.iterdir()) if is_licence(file)]
        for file in found:
            texts.setdefault(file.read_text(errors="replace").strip(), []).append(package)
        if not found:
            without.append(package)
    parts = ["What is inside clerk-mcp besides its own code, and under which licences.\n", BESIDES]
    parts += [f"{heading(package)}: no file of its own; see the text of the licence that it names\n" for package in without]
    for text, owners in sorted(texts.items(), key=lambda pair: heading(pair[1][0])):
        parts.append("=" * 80 + "\n" + "\n".join(dict.fromkeys(map(heading, owners))) + "\n\n" + text + "\n")
    return "\n".join(parts)


def is_licence(file):
    return file.is_file() and LICENCE_FILE.match(file.name) and file.suffix not in (".rs", ".html")


def heading(package):
    return f"{package['name']} {package['version']} ({expression(package)})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
