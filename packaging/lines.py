"""Parts of pages that repeat the description: the line of each channel, the links, the platforms."""

import links
from description import DESCRIPTION, NAME, RELEASE, REPOSITORY, TARGETS

SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}


def channels():
    image, tap = DESCRIPTION["image"], DESCRIPTION["tap"]
    rows = [
        ("npm", f"npx -y {NAME} stdio", "nothing stays installed; `npm install -g` keeps it"),
        ("PyPI", f"uvx {NAME} stdio", f"or `pipx install {NAME}`, `uv tool install {NAME}`"),
        ("Homebrew", f"brew install {tap}/{NAME}", "macOS and Linux"),
        ("winget", f"winget install {DESCRIPTION['winget']}", "Windows"),
        ("Docker", f"docker run -i --rm -e CLERK_SECRET_KEY {image}", "also `podman`; without a shell, not as root"),
        ("cargo binstall", f"cargo binstall --git {REPOSITORY} {NAME}", "the program of the release"),
        ("cargo", f"cargo install --locked --git {REPOSITORY} {NAME}", "from source, in minutes, with Rust 1.95; first `rustup target add wasm32-wasip2`"),
    ]
    head = "| With | Line | |\n|---|---|---|\n"
    return head + "\n".join(f"| {channel} | `{line}` | {note} |" for channel, line, note in rows)


def install_links():
    _, vscode = links.vscode()
    _, insiders = links.vscode("vscode-insiders")
    cursor = [f"[{name}]({links.cursor(system)[1]})" for system, name in SYSTEMS.items()]
    return f"[VS Code]({vscode}) · [VS Code Insiders]({insiders}) · Cursor on {', '.join(cursor)}"


def platforms():
    head = "| System | Processor | Archive of a release |\n|---|---|---|\n"
    rows = [f"| {SYSTEMS[target.os]} | {target.cpu} | `{target.archive_file}` |" for target in TARGETS]
    return head + "\n".join(rows) + f"\n\nThey are at <{RELEASE.rsplit('/', 2)[0]}/latest>."


PARTS = {"channels": channels, "install-links": install_links, "platforms": platforms}
