"""The description for the MCP registry: `server.json`."""

import hashlib
import json

import bundle
from description import DESCRIPTION, NAME, RELEASE, REPOSITORY, SETTINGS, VERSION

SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
STDIO = {"type": "stdio"}
SERVE = {"packageArguments": [{"type": "positional", "value": "stdio"}]}
FORMATS = {"string": "string", "file": "filepath", "boolean": "boolean"}


def pack(out):
    """Writes that of a release, which has the hash of its bundle."""
    bundled = out / f"bundle/{bundle.FILE}"
    if not bundled.is_file():
        return
    package = {
        "registryType": "mcpb",
        "identifier": f"{RELEASE}/{bundle.FILE}",
        "fileSha256": hashlib.sha256(bundled.read_bytes()).hexdigest(),
        "transport": STDIO,
    }
    path = out / "registry/server.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(server([package]), "utf-8")


def server(further=()):
    """The text of the file, with further packages."""
    variables = {"environmentVariables": [variable(setting) for setting in SETTINGS]}
    run = [{"type": "named", "name": "-y"}]
    packages = [
        {"registryType": "npm", "identifier": NAME, "version": VERSION, "runtimeHint": "npx", "runtimeArguments": run}
        | SERVE,
        {"registryType": "pypi", "identifier": NAME, "version": VERSION, "runtimeHint": "uvx"} | SERVE,
        {"registryType": "oci", "identifier": f"{DESCRIPTION['image']}:{VERSION}", "runtimeHint": "docker"} | SERVE,
    ]
    described = {
        "$schema": SCHEMA,
        "name": DESCRIPTION["registry_name"],
        "title": DESCRIPTION["title"],
        "description": DESCRIPTION["summary"],
        "repository": {"url": REPOSITORY, "source": "github"},
        "version": VERSION,
        "packages": [package | {"transport": STDIO} | variables for package in packages] + list(further),
    }
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def variable(setting):
    described = {
        "name": setting["variable"],
        "description": setting["description"],
        "format": FORMATS[setting["kind"]],
        "isRequired": False,
        "isSecret": setting.get("secret", False),
    }
    if "default" in setting:
        described["default"] = json.dumps(setting["default"])
    return described | ({"choices": setting["choices"]} if "choices" in setting else {})
