"""PyPI: a wheel with the program for each platform."""

import base64
import hashlib

import licences
import readme
from description import DESCRIPTION, NAME, REPOSITORY, VERSION, built
from packing import program, text, zipped

# Underscores, as names of files have them.
DISTRIBUTION = f"{NAME.replace('-', '_')}-{VERSION}"


def pack(out):
    for target in built():
        zipped(out / f"pypi/{DISTRIBUTION}-py3-none-{target.wheel}.whl", wheel(target))


def wheel(target):
    information = f"{DISTRIBUTION}.dist-info"
    tags = "".join(f"Tag: py3-none-{tag}\n" for tag in target.wheel.split("."))
    files = {
        f"{DISTRIBUTION}.data/scripts/{target.program}": program(target),
        f"{information}/METADATA": text(metadata()),
        f"{information}/WHEEL": text(f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: false\n{tags}"),
    }
    files |= {f"{information}/licenses/{name}": file for name, file in licences.files().items()}
    record = "".join(f"{name},sha256={digest(file)},{len(file.contents)}\n" for name, file in files.items())
    return files | {f"{information}/RECORD": text(f"{record}{information}/RECORD,,\n")}


def digest(file):
    return base64.urlsafe_b64encode(hashlib.sha256(file.contents).digest()).decode().rstrip("=")


def metadata():
    fields = {
        "Metadata-Version": "2.4",
        "Name": NAME,
        "Version": VERSION,
        "Summary": DESCRIPTION["summary"],
        "Author": DESCRIPTION["publisher"],
        "License-Expression": DESCRIPTION["license"],
        "Keywords": ",".join(DESCRIPTION["keywords"]),
        "Requires-Python": ">=3.8",
        "Description-Content-Type": "text/markdown",
    }
    lines = [f"{name}: {value}" for name, value in fields.items()]
    lines += [f"License-File: {name}" for name in licences.files()]
    lines += [f"Project-URL: {name}, {url}" for name, url in {
        "Source": REPOSITORY,
        "Changelog": f"{REPOSITORY}/blob/main/CHANGELOG.md",
        "Issues": f"{REPOSITORY}/issues",
    }.items()]
    return "\n".join(lines) + f"\n\n{readme.registry()}"
