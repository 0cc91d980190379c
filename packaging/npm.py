"""npm: a launcher, and a package with the program for each platform."""

import json

import licences
import readme
from description import ABOUT, DESCRIPTION, NAME, REPOSITORY, ROOT, TARGETS, VERSION, built
from packing import File, program, tar_gz, text


def pack(out):
    tar_gz(out / f"npm/{NAME}-{VERSION}.tgz", inside(launcher()))
    for target in built():
        tar_gz(out / f"npm/{NAME}-{target.os}-{target.cpu}-{VERSION}.tgz", inside(platform(target)))


def inside(files):
    return {f"package/{name}": file for name, file in files.items()}


def launcher():
    # All platforms, also those that are built elsewhere.
    packages = {target.npm: VERSION for target in TARGETS}
    manifest = common(NAME, ABOUT) | {
        "mcpName": DESCRIPTION["registry_name"],
        "keywords": DESCRIPTION["keywords"],
        "bin": {NAME: "launcher.js"},
        "files": ["launcher.js"],
        "engines": {"node": ">=18"},
        "optionalDependencies": packages,
    }
    return {
        "package.json": as_json(manifest),
        "launcher.js": File((ROOT / "packaging/npm/launcher.js").read_bytes(), executable=True),
        "README.md": text(readme.registry()),
        "LICENSE": File((ROOT / "LICENSE").read_bytes()),
    }


def platform(target):
    about = f"The program of {NAME} for {target.os}-{target.cpu}. Install {NAME} instead."
    manifest = common(target.npm, about) | {
        "os": [target.os],
        "cpu": [target.cpu],
        "files": ["bin", *licences.files()],
        # The program has to lie in a directory to be started.
        "preferUnplugged": True,
    }
    return {
        "package.json": as_json(manifest),
        f"bin/{target.program}": program(target),
        "README.md": text(f"# {target.npm}\n\n{about}\n"),
    } | licences.files()


def common(name, about):
    return {
        "name": name,
        "version": VERSION,
        "description": about,
        "license": DESCRIPTION["license"],
        "author": DESCRIPTION["publisher"],
        "homepage": f"{REPOSITORY}#readme",
        "repository": {"type": "git", "url": f"git+{REPOSITORY}.git"},
        "bugs": f"{REPOSITORY}/issues",
        # Packages with a scope are private otherwise.
        "publishConfig": {"access": "public"},
    }


def as_json(value):
    return text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
