"""Links that open a client with the server filled in."""

import base64
import json
from urllib.parse import quote, urlencode

from description import DESCRIPTION, NAME

SERVER = DESCRIPTION["plugin"]
ARGUMENTS = ["-y", NAME, "stdio"]
START = {"command": "npx", "args": ARGUMENTS}
# Where `clerk-mcp init` keeps the key, as Cursor writes paths.
KEY_FILES = {
    "linux": "${userHome}/.config/clerk-mcp/secret-key",
    "darwin": "${userHome}/Library/Application Support/clerk-mcp/secret-key",
    "win32": "${env:APPDATA}/clerk-mcp/secret-key",
}


def vscode(quality="vscode"):
    """The link, and the address that leads to it from pages where only https may stand. VS Code starts scripts on Windows too."""
    secret = {"type": "promptString", "id": "clerk_secret_key", "description": "Clerk secret key", "password": True}
    server = {"name": SERVER} | START | {"env": {"CLERK_SECRET_KEY": "${input:clerk_secret_key}"}, "inputs": [secret]}
    link = f"{quality}:mcp/install?{quote(compact(server), safe='')}"
    host = "insiders.vscode.dev" if quality == "vscode-insiders" else "vscode.dev"
    return link, f"https://{host}/redirect?{urlencode({'url': link}, quote_via=quote, safe='')}"


def cursor(system):
    """The link for Cursor, which asks for no secrets, so that the key is in a file."""
    start = {"command": "cmd", "args": ["/c", "npx", *ARGUMENTS]} if system == "win32" else START
    server = start | {"env": {"CLERK_SECRET_KEY_FILE": KEY_FILES[system]}}
    query = urlencode({"name": SERVER, "config": base64.b64encode(compact(server).encode()).decode()})
    return f"cursor://anysphere.cursor-deeplink/mcp/install?{query}", f"https://cursor.com/en/install-mcp?{query}"


def compact(value):
    return json.dumps(value, separators=(",", ":"))
