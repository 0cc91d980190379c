"""Links that open a client with the server filled in."""

import base64
import json
from urllib.parse import quote, urlencode

from description import DESCRIPTION, NAME

SERVER = DESCRIPTION["plugin"]
START = {"command": "npx", "args": ["-y", NAME, "stdio"]}


def vscode(quality="vscode"):
    """The link, and the address that leads to it from pages where only https may stand."""
    secret = {"type": "promptString", "id": "clerk_secret_key", "description": "Clerk secret key", "password": True}
    server = {"name": SERVER} | START | {"env": {"CLERK_SECRET_KEY": "${input:clerk_secret_key}"}, "inputs": [secret]}
    link = f"{quality}:mcp/install?{quote(compact(server), safe='')}"
    host = "insiders.vscode.dev" if quality == "vscode-insiders" else "vscode.dev"
    return link, f"https://{host}/redirect?{urlencode({'url': link}, quote_via=quote, safe='')}"


def cursor():
    """The link for Cursor, which asks for no secrets, so that the key is in a file."""
    server = START | {"env": {"CLERK_SECRET_KEY_FILE": "${userHome}/.config/clerk-mcp/secret-key"}}
    query = urlencode({"name": SERVER, "config": base64.b64encode(compact(server).encode()).decode()})
    return f"cursor://anysphere.cursor-deeplink/mcp/install?{query}", f"https://cursor.com/en/install-mcp?{query}"


def compact(value):
    return json.dumps(value, separators=(",", ":"))
