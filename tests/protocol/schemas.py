"""The converters with which clients make a model's functions of tools, over all tools that the program lists."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import program
from checks import TOOLS
from client import Client
from install import CONVERTERS_PYTHON, INSTALLED, PYTHON, PYTHON_CLIENTS, SOURCES

CONVERTERS = SOURCES / "converters"
# One file for each. The last one is a habit that was written down, not the client's own program.
NAMES = (
    "openai_agents",
    "pydantic_ai_openai",
    "langchain_openai_tool",
    "anthropic_strict",
    "google_genai",
    "autogen_mcp",
    "llama_cpp",
    "llguidance_json",
    "codex",
)


def run():
    """Prints a table; gives the numbers of conversions that keep what a tool means, and of others."""
    asked = json.dumps({"tools": listed(), "examples": {call["tool"]: [call["arguments"]] for call in TOOLS}})
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = dict(zip(NAMES, pool.map(lambda name: convert(name, asked), NAMES)))
    print_table(results)
    failed = sum(bool(tool["problems"]) for tools in results.values() for tool in tools.values())
    return sum(len(tools) for tools in results.values()) - failed, failed


def listed():
    """All tools as the program lists them on stdio."""
    command = [program.path(), "stdio", "--demo", "--toolsets", "all"]
    with Client([PYTHON, "-B", PYTHON_CLIENTS / "python_mcp.py", "legacy", *command]) as client:
        client.version()
        return client.ask("tools/list")["tools"]


def convert(name, asked):
    """What one converter does to each tool."""
    environment = program.environment(PYTHONPATH=str(INSTALLED / "converters"))
    command = [CONVERTERS_PYTHON, "-B", CONVERTERS / "main.py", name]
    conversion = subprocess.run(command, input=asked, env=environment, capture_output=True, text=True)
    if conversion.returncode:
        return {"none": {"problems": [conversion.stderr.strip()], "is_strict": False}}
    return json.loads(conversion.stdout)


def print_table(results):
    print(f"\n{'converter':<24} {'tools':>5} {'strict':>7} {'passed':>7} {'failed':>7}")
    for name, tools in results.items():
        failed = sum(bool(tool["problems"]) for tool in tools.values())
        strict = sum(tool["is_strict"] for tool in tools.values())
        print(f"{name.replace('_', ' '):<24} {len(tools):>5} {strict:>7} {len(tools) - failed:>7} {failed:>7}")
        for tool, result in tools.items():
            for problem in result["problems"]:
                print(f"    FAILED {tool}: {problem}")
