"""The three manifests of winget, with the hashes of the archives."""

import json

import archives
from description import ABOUT, DESCRIPTION, NAME, RELEASE, REPOSITORY, VERSION, built
from packing import text

SCHEMA = "1.10.0"
IDENTIFIER = DESCRIPTION["winget"]


def pack(out):
    targets = [target for target in built() if target.os == "win32"]
    if not targets:
        return
    for kind, suffix, fields in [
        ("version", "", {"DefaultLocale": "en-US"}),
        ("installer", ".installer", installer(out, targets)),
        ("defaultLocale", ".locale.en-US", locale()),
    ]:
        path = out / f"winget/{IDENTIFIER}{suffix}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text(manifest(kind, fields)).contents)


def manifest(kind, fields):
    head = {"PackageIdentifier": IDENTIFIER, "PackageVersion": VERSION}
    tail = {"ManifestType": kind, "ManifestVersion": SCHEMA}
    # Each value in JSON, which is YAML too.
    values = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in (head | fields | tail).items())
    return f"# yaml-language-server: $schema=https://aka.ms/winget-manifest.{kind}.{SCHEMA}.schema.json\n{values}"


def installer(out, targets):
    return {
        "InstallerType": "zip",
        "NestedInstallerType": "portable",
        "Commands": [NAME],
        "Installers": [
            {
                "Architecture": target.cpu,
                "InstallerUrl": f"{RELEASE}/{target.archive_file}",
                "InstallerSha256": archives.sha256(out, target).upper(),
                "NestedInstallerFiles": [
                    {"RelativeFilePath": f"{target.archive}\\{target.program}", "PortableCommandAlias": NAME}
                ],
            }
            for target in targets
        ],
    }


def locale():
    return {
        "PackageLocale": "en-US",
        "Publisher": DESCRIPTION["publisher"],
        "PublisherUrl": REPOSITORY,
        "PublisherSupportUrl": f"{REPOSITORY}/issues",
        "PackageName": NAME,
        "PackageUrl": REPOSITORY,
        "License": DESCRIPTION["license"],
        "LicenseUrl": f"{REPOSITORY}/blob/main/LICENSE",
        "ShortDescription": DESCRIPTION["summary"],
        "Description": ABOUT,
        "Moniker": NAME,
        "Tags": DESCRIPTION["keywords"],
    }
