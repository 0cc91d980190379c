"""The MCP bundle: validated and unpacked by its own tool, started as a client does."""

import json
import platform
import shutil
import sys
from contextlib import contextmanager

from described import PACKAGES, TARGETS, bundle
from install import MODULES, NODE
from trial import contains, empty_home, equal, run, serves, try_to

MCPB = [NODE, MODULES / "@anthropic-ai/mcpb/dist/cli/cli.js"]
FILE = PACKAGES / "bundle" / bundle.FILE
# The emulator's own.
KEY = "sk_test_demo0000000000000000000000000000000000"


def checks():
    yield "its tool finds it valid", its_tool_finds_it_valid
    yield "a client starts it", a_client_starts_it
    yield "what a person sets reaches the server", what_a_person_sets_reaches_the_server
    yield "what a person leaves empty is passed over", what_a_person_leaves_empty_is_passed_over
    yield "a processor without a program is named", a_processor_without_a_program_is_named


@contextmanager
def unpacked():
    with empty_home() as (home, env):
        run([*MCPB, "unpack", FILE, home / "bundle"], env)
        yield home / "bundle", env, json.loads((home / "bundle/manifest.json").read_text())


def its_tool_finds_it_valid():
    with unpacked() as (directory, env, manifest):
        contains(run([*MCPB, "validate", directory / "manifest.json"], env), "Manifest schema validation passes")
        equal(manifest["user_config"]["secret_key"]["sensitive"], True)
        contains(run([*MCPB, "info", FILE], env), "Size")


def command(directory, manifest, **answers):
    """The command and variables that a client makes of the manifest: its system's override, and the variables filled in."""
    started = dict(manifest["server"]["mcp_config"])
    started |= started.pop("platform_overrides").get(sys.platform, {})
    values = {name: option.get("default", "") for name, option in manifest["user_config"].items()} | answers
    values = {f"${{user_config.{name}}}": json.dumps(value).strip('"') for name, value in values.items()}

    def fill(text):
        for variable, value in (values | {"${__dirname}": str(directory)}).items():
            text = text.replace(variable, value)
        equal("${" in text, False)
        return text

    env = {name: fill(value) for name, value in started["env"].items()}
    return [fill(word) for word in [started["command"], *started["args"]]], env


def a_client_starts_it():
    with unpacked() as (directory, env, manifest):
        started, settings = command(directory, manifest, secret_key=KEY)
        contains(serves(started, env | settings | {"CLERK_MCP_DEMO": "true"}), "clerk_create_user")
        shutil.rmtree(directory)


def what_a_person_sets_reaches_the_server():
    with unpacked() as (directory, env, manifest):
        started, settings = command(directory, manifest, secret_key=KEY, read_only=True)
        equal(settings["CLERK_SECRET_KEY"], KEY)
        equal("clerk_create_user" in serves(started, env | settings | {"CLERK_MCP_DEMO": "true"}), False)


def what_a_person_leaves_empty_is_passed_over():
    with unpacked() as (directory, env, manifest):
        optional = [name for name, option in manifest["user_config"].items() if not option["required"]]
        # Claude Desktop passes on the placeholder of what is left empty and has no default.
        equal([name for name in optional if "default" not in manifest["user_config"][name]], [])
        started, settings = command(directory, manifest, secret_key=KEY, **dict.fromkeys(optional, ""))
        contains(serves(started, env | settings | {"CLERK_MCP_DEMO": "true"}), "clerk_create_user")


def a_processor_without_a_program_is_named():
    with unpacked() as (directory, env, _):
        for target in TARGETS:
            (directory / bundle.place(target)).unlink(missing_ok=True)
        done = try_to([directory / bundle.START, "stdio"], env)
        equal((done.returncode, done.stdout), (1, ""))
        contains(done.stderr, f"there is no program for {platform.system()}")
