#!/usr/bin/env python3
"""Shows the views in Chromium, with the bridge of `@modelcontextprotocol/ext-apps` as their host and the built program behind it.
Names of tests as arguments run only those: `run.py consent`. `run.py pictures` takes the documentation's pictures."""

import os
import subprocess
import sys

import install

sys.path.append(str(install.ROOT / "tests/protocol"))

import program  # noqa: E402


def main(chosen):
    install.install()
    names = sorted(path.name.removesuffix(".test.mjs") for path in install.SOURCES.glob("*.test.mjs"))
    if unknown := set(chosen) - {*names, "pictures"}:
        return f"there is no test {', '.join(sorted(unknown))}; the tests are {', '.join(names)}"
    if chosen == ["pictures"]:
        command = ["pictures.mjs", str(install.ROOT / "docs/pictures")]
    else:
        command = ["--test", "--test-concurrency=2", *(f"{name}.test.mjs" for name in chosen or names)]
    settings = {"CLERK_MCP": str(program.path()), "CHROMIUM": install.browser()}
    return subprocess.run([install.NODE, *command], cwd=install.SCRIPTS, env=os.environ | settings).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
