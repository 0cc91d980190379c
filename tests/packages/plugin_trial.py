"""The plugin: validated, installed from the repository and started by Claude Code, and read as other agents do."""

import json
from contextlib import contextmanager

import npm_trial
from described import NAME, VERSION
from install import MODULES, PYTHON, ROOT
from trial import contains, empty_home, equal, run, serves, try_to

PLUGIN = ROOT / "packaging/plugin"
SKILLS = sorted(path.name for path in (ROOT / "skills").iterdir())
# It reaches nothing but the registry on loopback.
QUIET = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_TELEMETRY": "1", "DISABLE_AUTOUPDATER": "1"}
ON_WINDOWS = "Object.defineProperty(process, 'platform', { value: 'win32' }); require(process.argv[1])"
READ = """
import json, sys
from agent_plugins import Plugin
plugin = Plugin(sys.argv[1])
issues = [str(issue) for part in [plugin.manifest, plugin.mcp] for issue in part.issues]
skills = [skill.name for skill in plugin.skills]
print(json.dumps([plugin.manifest.name, plugin.manifest.version, issues, list(plugin.mcp.servers), skills]))
"""


def checks():
    yield "Claude Code finds it valid", claude_code_finds_it_valid
    yield "Claude Code installs, starts and removes it", claude_code_installs_starts_and_removes_it
    yield "other agents can read it", other_agents_can_read_it
    yield "other agents can start it", other_agents_can_start_it
    yield "Windows starts npx through its shell", windows_starts_npx_through_its_shell


def program():
    """Claude Code's program, which is in the package for this system."""
    return next(MODULES.glob("@anthropic-ai/claude-code-*/claude"))


@contextmanager
def claude():
    with npm_trial.registry() as (home, env):
        env |= QUIET | {"CLERK_MCP_DEMO": "true"}
        yield lambda *arguments: run([program(), *arguments], env, cwd=home)


def claude_code_finds_it_valid():
    with empty_home() as (_, env):
        for path in [ROOT, PLUGIN]:
            contains(run([program(), "plugin", "validate", "--strict", path], env | QUIET), "Validation passed")


def claude_code_installs_starts_and_removes_it():
    with claude() as command:
        command("plugin", "marketplace", "add", ROOT)
        key = "secret_key=sk_test_demo0000000000000000000000000000000000"
        command("plugin", "install", f"clerk@{NAME}", "--config", key, "--config", "read_only=true")
        contains(command("mcp", "list"), "Connected")
        command("plugin", "uninstall", f"clerk@{NAME}")
        contains(command("mcp", "list"), "No MCP servers")


def other_agents_can_read_it():
    equal(json.loads(run([PYTHON, "-c", READ, PLUGIN])), ["clerk", VERSION, [], ["clerk"], SKILLS])


def other_agents_can_start_it():
    with npm_trial.registry() as (home, env):
        described = json.loads((PLUGIN / "mcp.json").read_text())["mcpServers"]["clerk"]
        arguments = [word.replace("${PLUGIN_ROOT}", str(PLUGIN)) for word in described["args"]]
        filled = {name: value.replace("${PLUGIN_DATA}", str(home)) for name, value in described["env"].items()}
        serves([described["command"], *arguments, "--demo"], env | filled)


def windows_starts_npx_through_its_shell():
    with empty_home() as (home, env):
        shell = home / "cmd"
        shell.write_text('#!/bin/sh\necho "$@"\nexit 7\n')
        shell.chmod(0o755)
        env["PATH"] = f"{home}:{env['PATH']}"
        done = try_to(["node", "--eval", ON_WINDOWS, PLUGIN / "start.js", "stdio"], env)
        equal((done.stdout, done.returncode), (f"/d /c npx -y {NAME}@{VERSION} stdio\n", 7))
