"""The page that npm and PyPI show."""

from description import ABOUT, DESCRIPTION, DOCUMENTATION, NAME, REPOSITORY


def registry():
    return f"""# {NAME}

{ABOUT}

```sh
npx -y {NAME} init     # or: uvx {NAME} init
```

asks for your client, the secret key and how much an assistant may do, and puts the server into the client. By hand, a client
starts `npx -y {NAME} stdio` or `uvx {NAME} stdio`, with the key in the file that `CLERK_SECRET_KEY_FILE` names. To look around
without an account: `npx -y {NAME} tools --demo`.

All ways to install it: [installing]({DOCUMENTATION}). What it can do, and what it cannot: [README]({REPOSITORY}#readme).

<!-- mcp-name: {DESCRIPTION["registry_name"]} -->
"""
