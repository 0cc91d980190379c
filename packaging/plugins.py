"""The plugin for agents: the files of Claude Code, those of the Agent Plugins format, and the skills, in one directory."""

import json

from description import DESCRIPTION, NAME, REPOSITORY, ROOT, SETTINGS, VERSION

SCHEMAS = "https://agent-plugins.org/schemas/1.0.0"
NAMED = DESCRIPTION["plugin"]
# Copies: a plugin that is installed has nothing from outside of its directory.
SKILLS = "packaging/plugin/skills"


def start(root):
    """The command, by a script in the plugin: the formats name one command for all systems, and Windows starts no `npx`."""
    return {"command": "node", "args": [f"{root}/start.js", "stdio"]}


def files():
    """The text of each file, by its path from the top."""
    made = {
        ".claude-plugin/marketplace.json": marketplace(),
        "packaging/plugin/.claude-plugin/plugin.json": claude_plugin(),
        "packaging/plugin/.mcp.json": {"mcpServers": {NAMED: claude_server()}},
        "packaging/plugin/plugin.json": {"$schema": f"{SCHEMAS}/plugin.schema.json"} | common(),
        "packaging/plugin/mcp.json": {
            "$schema": f"{SCHEMAS}/mcp.schema.json",
            "mcpServers": {NAMED: agent_server()},
        },
    }
    return {path: json.dumps(value, indent=2, ensure_ascii=False) + "\n" for path, value in made.items()} | skills()


def skills():
    found = sorted((ROOT / "skills").rglob("*.md"))
    return {f"{SKILLS}/{path.relative_to(ROOT / 'skills').as_posix()}": path.read_text("utf-8") for path in found}


def marketplace():
    entry = {"name": NAMED, "source": "./packaging/plugin", "description": DESCRIPTION["summary"]}
    return {
        "name": NAME,
        "owner": {"name": DESCRIPTION["publisher"], "url": REPOSITORY},
        "metadata": {"description": "The MCP server for Clerk"},
        "plugins": [entry],
    }


def common():
    return {
        "name": NAMED,
        "version": VERSION,
        "description": DESCRIPTION["summary"],
        "author": {"name": DESCRIPTION["publisher"], "url": REPOSITORY},
        "homepage": f"{REPOSITORY}#readme",
        "repository": REPOSITORY,
        "license": DESCRIPTION["license"],
        "keywords": DESCRIPTION["keywords"],
    }


def asked():
    return [setting for setting in SETTINGS if setting.get("asked")]


def claude_plugin():
    return common() | {"userConfig": {setting["name"]: option(setting) for setting in asked()}}


def option(setting):
    described = {"type": setting["kind"], "title": setting["title"], "description": setting["description"]}
    if setting.get("secret"):
        return described | {"sensitive": True, "required": True}
    return described | {"default": setting["default"]}


def claude_server():
    return start("${CLAUDE_PLUGIN_ROOT}") | {"env": {setting["variable"]: f"${{user_config.{setting['name']}}}" for setting in asked()}}


def agent_server():
    # The format has no settings, and passes no environment on: the answer of a tool names this file to whoever lacks it.
    return {"type": "stdio"} | start("${PLUGIN_ROOT}") | {"env": {"CLERK_SECRET_KEY_FILE": "${PLUGIN_DATA}/secret-key"}}
