"""Descriptions that registries and clients read: server.json, links, and the files that are generated into the repository."""

import base64
import contextlib
import hashlib
import io
import json
import shutil
from urllib.parse import parse_qs, unquote, urlsplit

from described import DESCRIPTION, NAME, PACKAGES, bundle, generated, links
from install import BIN, ROOT
from trial import contains, empty_home, equal, run

# Published by the registry; the project keeps it beside the repository.
SCHEMA = ROOT.parent / "shared/schemas/mcp-registry-server.schema.json"


def checks():
    yield "server.json is valid", server_json_is_valid
    yield "the registry finds whose the packages are", the_registry_finds_whose_the_packages_are
    yield "links start the server", links_start_the_server
    yield "links name the file in which init keeps the key", links_name_the_file_in_which_init_keeps_the_key
    yield "a stale file is named", a_stale_file_is_named


def server_json_is_valid():
    described = json.loads((PACKAGES / "registry/server.json").read_text())
    kinds = ["npm", "pypi", "oci", "mcpb"]
    equal([package["registryType"] for package in described["packages"]], kinds)
    # The registry takes no more.
    equal(len(described["description"]) <= 100, True)
    if not SCHEMA.is_file():
        print("  the schema: skipped, the registry's schema is not beside the repository")
        return
    for path in [PACKAGES / "registry/server.json", ROOT / "server.json"]:
        run([BIN / "python", "-m", "jsonschema", "--instance", path, SCHEMA])


def the_registry_finds_whose_the_packages_are():
    """Each package names the server, as the registry demands; npm's and PyPI's are read in their trials."""
    name = DESCRIPTION["registry_name"]
    equal(json.loads((ROOT / "server.json").read_text())["name"], name)
    contains((ROOT / "Dockerfile").read_text(), f'LABEL io.modelcontextprotocol.server.name="{name}"')
    [package] = [
        package for package in json.loads((PACKAGES / "registry/server.json").read_text())["packages"]
        if package["registryType"] == "mcpb"
    ]
    said = hashlib.sha256((PACKAGES / "bundle" / bundle.FILE).read_bytes()).hexdigest()
    equal((package["fileSha256"], package["identifier"].rsplit("/", 1)[1]), (said, bundle.FILE))


def links_start_the_server():
    start = ["npx", ["-y", NAME, "stdio"]]
    for quality in ["vscode", "vscode-insiders"]:
        link, page = links.vscode(quality)
        # As a browser and then the client read it.
        equal(parse_qs(urlsplit(page).query)["url"], [link])
        server = json.loads(unquote(link.removeprefix(f"{quality}:mcp/install?")))
        equal([server["command"], server["args"]], start)
        equal(server["env"], {"CLERK_SECRET_KEY": f"${{input:{server['inputs'][0]['id']}}}"})
        equal(server["inputs"][0]["password"], True)
    on_windows = ["cmd", ["/c", "npx", *start[1]]]
    for system, started in [("linux", start), ("darwin", start), ("win32", on_windows)]:
        link, page = links.cursor(system)
        equal(urlsplit(link).query, urlsplit(page).query)
        query = parse_qs(urlsplit(link).query, strict_parsing=True)
        server = json.loads(base64.b64decode(query["config"][0], validate=True))
        equal([query["name"], server["command"], server["args"]], [["clerk"], *started])
        equal(server["env"], {"CLERK_SECRET_KEY_FILE": links.KEY_FILES[system]})


def links_name_the_file_in_which_init_keeps_the_key():
    """Cursor's words for directories are those of the page of clients, which a test of the program compares with its own."""
    page = (ROOT / "docs/clients.md").read_text()
    for file in links.KEY_FILES.values():
        path = file.replace("${userHome}", "~")
        path = path.replace("${env:APPDATA}", "%APPDATA%").replace("/", "\\") if "APPDATA" in path else path
        contains(page, f"`{path}`" if "~/.config" not in path else path)


def a_stale_file_is_named():
    with empty_home() as (home, _):
        for path in generated.expected(ROOT):
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, home / path)
        equal(generated.stale(home), [])
        for path in ["server.json", "docs/install.md"]:
            (home / path).write_text((home / path).read_text().replace(NAME, "another"))
        (home / "Dockerfile").unlink()
        equal(generated.stale(home), ["server.json", "Dockerfile", "docs/install.md"])
        with contextlib.redirect_stdout(io.StringIO()):
            generated.write(home)
        equal(generated.stale(home), [])
