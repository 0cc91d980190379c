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
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import ziglang
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
ZIG = Path(ziglang.__file__).parent
# The licences of what crates bring along.
WITHIN = {"libmimalloc-sys": ["c_src/mimalloc/v3/LICENSE"]}
# What is in the programs and no crate: name, version, licence, and the file of Zig's with its text. That of Rust's library is
# the text of many crates.
BESIDES = [
    ("Rust's standard library", tomllib.loads((ROOT / "rust-toolchain.toml").read_text())["toolchain"]["channel"], "MIT OR Apache-2.0", None),
    ("musl, in programs for Linux", f"of Zig {version('ziglang')}", "MIT", "lib/libc/musl/COPYRIGHT"),
    ("mingw-w64, in programs for Windows", f"of Zig {version('ziglang')}", "ZPL-2.1 AND MIT", "lib/libc/mingw/COPYING"),
    ("compiler-rt and libunwind", f"of Zig {version('ziglang')}", "MIT AND Apache-2.0 WITH LLVM-exception", "lib/libunwind/LICENSE.TXT"),
]


def main(arguments):
    if len(arguments) != 1:
        return __doc__
    directory = Path(arguments[0])
    directory.mkdir(parents=True, exist_ok=True)
    packages = inside()
    bom = Path(directory, f"clerk-mcp-{own_version()}.cdx.json")
    bom.write_text(sbom(packages))
    licences = Path(directory, "THIRD-PARTY-LICENSES.txt")
    licences.write_text(licence_texts(packages))
    print(f"{len(packages)} packages: {bom}, {licences}")
    return 0


def own_version():
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
    digest = sha256("\n".join(sorted(value.bom_ref.value for value in components.values())).encode()).hexdigest()
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"clerk-mcp {own_version()} {digest}"))
    # The same bytes for the same source.
    bom.metadata.timestamp = datetime.fromtimestamp(0, UTC)
    bom.metadata.component = components[program]
    bom.components.update(value for id, value in components.items() if id != program)
    bom.components.update(besides())
    for node in json.loads(cargo("metadata", "--format-version", "1"))["resolve"]["nodes"]:
        if node["id"] in components:
            bom.register_dependency(components[node["id"]], edges(node, components))
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"the SBOM is not valid: {error}")
    return text + "\n"


def besides():
    return [
        Component(type=ComponentType.LIBRARY, name=name, version=number, licenses=[LicenseExpression(licence)], bom_ref=name)
        for name, number, licence, _ in BESIDES
    ]


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
        folder = Path(package["manifest_path"]).parent
        found = [file for file in sorted(folder.iterdir()) if is_licence(file)]
        found += [folder / file for file in WITHIN.get(package["name"], [])]
        for file in found:
            texts.setdefault(file.read_text(errors="replace").strip(), []).append(package)
        if not found:
            without.append(package)
    parts = ["What is inside clerk-mcp besides its own code, and under which licences.\n"]
    for name, number, licence, file in BESIDES:
        text = (ZIG / file).read_text(errors="replace") if file else ""
        parts.append(f"{'=' * 80}\n{name} {number} ({licence})\n\n{text.strip()}\n")
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
