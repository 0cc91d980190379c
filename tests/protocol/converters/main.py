"""Converts the tools on standard input as one client does (the argument), and tells what that does to each of them."""

import importlib
import json
import sys

from meaning import problems


def main(name):
    asked = json.load(sys.stdin)
    converter = importlib.import_module(name)
    tools = {tool["name"]: told(converter, tool, asked["examples"].get(tool["name"], [])) for tool in asked["tools"]}
    json.dump(tools, sys.stdout)


def told(converter, tool, examples):
    """What is wrong with a tool, and whether it is strict in one of its conversions."""
    try:
        conversions = list(converter.convert(tool))
        wrong = [problem for conversion in conversions for problem in problems(tool, conversion, examples)]
    except Exception as error:  # Whatever a converter fails with is its failure, and the next tool is another matter.
        return {"problems": [f"{type(error).__name__}: {str(error)[:200]}"], "is_strict": False}
    return {
        "problems": list(dict.fromkeys(wrong)),
        "is_strict": any(conversion.is_strict for conversion in conversions),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
