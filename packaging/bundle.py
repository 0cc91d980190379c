"""The MCP bundle: one file for all systems, which a client installs and asks for the secret key.

A bundle can name a command for each system, but not for each processor, so that a bundle for each target would leave it to the
person to know theirs. A script of a line chooses instead; on Windows, where a client starts no scripts, the program for x64
runs on both.
"""

import json

import licences
from description import ABOUT, DESCRIPTION, DOCUMENTATION, NAME, REPOSITORY, SETTINGS, VERSION, built
from packing import File, program, text, zipped

FILE = f"{NAME}-{VERSION}.mcpb"
START = "server/start"
# As `uname` calls them.
SYSTEMS = {"darwin": "Darwin", "linux": "Linux"}
PROCESSORS = {("darwin", "arm64"): "arm64", ("linux", "arm64"): "aarch64"}
SCRIPT = f"""#!/bin/sh
# Starts the program for this system and processor.
program="$(dirname "$0")/{NAME}-$(uname -s)-$(uname -m)"
[ -f "$program" ] || {{ echo "{NAME}: there is no program for $(uname -s) $(uname -m) in this bundle: see {DOCUMENTATION}" >&2; exit 1; }}
exec "$program" "$@"
"""


def pack(out):
    targets = bundled()
    if targets:
        zipped(out / f"bundle/{FILE}", bundle(targets))


def bundled():
    return [target for target in built() if (target.os, target.cpu) != ("win32", "arm64")]


def bundle(targets):
    files = {
        "manifest.json": text(json.dumps(manifest(targets), indent=2, ensure_ascii=False) + "\n"),
        START: File(SCRIPT.encode(), executable=True),
    }
    files |= licences.files()
    return files | {place(target): program(target) for target in targets}


def place(target):
    if target.os == "win32":
        return f"server/{target.program}"
    processor = PROCESSORS.get((target.os, target.cpu), "x86_64")
    return f"server/{NAME}-{SYSTEMS[target.os]}-{processor}"


def manifest(targets):
    asked = [setting for setting in SETTINGS if setting.get("asked")]
    command = f"${{__dirname}}/{START}"
    return {
        "manifest_version": "0.4",
        "name": NAME,
        "display_name": DESCRIPTION["title"],
        "version": VERSION,
        "description": DESCRIPTION["summary"],
        "long_description": ABOUT,
        "author": {"name": DESCRIPTION["publisher"], "url": REPOSITORY},
        "repository": {"type": "git", "url": REPOSITORY},
        "homepage": REPOSITORY,
        "documentation": DOCUMENTATION,
        "support": f"{REPOSITORY}/issues",
        "license": DESCRIPTION["license"],
        "keywords": DESCRIPTION["keywords"],
        "server": {
            "type": "binary",
            "entry_point": START,
            "mcp_config": {
                "command": command,
                "args": ["stdio"],
                "env": {setting["variable"]: f"${{user_config.{setting['name']}}}" for setting in asked},
                "platform_overrides": {"win32": {"command": f"${{__dirname}}/server/{NAME}.exe"}},
            },
        },
        "tools_generated": True,
        "prompts_generated": True,
        "user_config": {setting["name"]: option(setting) for setting in asked},
        "compatibility": {"platforms": sorted({target.os for target in targets})},
    }


def option(setting):
    described = {"type": setting["kind"], "title": setting["title"], "description": setting["description"]}
    if setting.get("secret"):
        return described | {"sensitive": True, "required": True}
    return described | {"required": False, "default": setting["default"]}
