"""llama.cpp, which is in LM Studio and Ollama: a grammar that only lets a model write valid arguments."""

import json

import regex
from llama_grammar import json_schema_to_gbnf

from meaning import EVERYTHING, Conversion

# A grammar has no numbers to compare with, and forgets the least and the most of them.
KEEPS = EVERYTHING - {"minimum", "maximum", "items/minimum", "items/maximum"}

TOKEN = regex.compile(
    r"""(?P<space>\s+) | (?P<literal>"(?:\\.|[^"\\])*") | (?P<class>\[(?:\\.|[^\]\\])*\]) | (?P<rule>[a-zA-Z][\w-]*)
      | (?P<other>[|()*+?]|\{\d+(?:,\d*)?\})""",
    regex.VERBOSE,
)


def convert(tool):
    schema = tool["inputSchema"]
    written = expression(json_schema_to_gbnf(json.dumps(schema)))
    properties = schema.get("properties", {})
    required = schema.get("required", [])

    def accepts(arguments):
        # A grammar has one order of keys: required ones first.
        names = sorted(arguments, key=lambda name: (name not in required, list(properties).index(name)))
        return bool(written.fullmatch(json.dumps({name: arguments[name] for name in names})))

    # The empty schema is an object to this converter, but any value to llama.cpp of today.
    yield Conversion(properties, accepts, required, KEEPS, anything={"nested": {"text": "pro", "number": 5}})


def expression(grammar):
    """A grammar of llama.cpp as a regular expression. An error where llama.cpp would refuse it."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())
    groups = "".join(f"(?P<{name.replace('-', '_')}>{translated(rule, rules)})" for name, rule in rules.items())
    return regex.compile(f"(?(DEFINE){groups})(?&root)")


def translated(rule, rules):
    at, parts = 0, []
    while at < len(rule):
        token = TOKEN.match(rule, at)
        if not token:
            raise ValueError(f"not a grammar: {rule[at : at + 40]}")
        text, at = token[0], token.end()
        match token.lastgroup:
            case "literal":
                parts.append(f"(?:{regex.escape(json.loads(text))})")
            case "rule" if text not in rules:
                raise ValueError(f"there is no rule {text}")
            case "rule":
                parts.append(f"(?&{text.replace('-', '_')})")
            case "other" if text == "(":
                parts.append("(?:")
            case "class" | "other":
                parts.append(text)
    return "".join(parts)
