"""Codex's habit, as its source tells it: some keywords go to the model, and a schema without a type is one of text."""

import re

import openai_dialect
from meaning import by_schema

KEPT = ("type", "description", "enum", "items", "properties", "required", "additionalProperties")
ENFORCED = frozenset({"type", "enum", "items/type", "items/enum"})


def convert(tool):
    parameters = sanitized(tool["inputSchema"])
    refused = [
        *openai_dialect.refused(parameters, False),
        # To what has no items it would give items of text.
        *openai_dialect.refused(tool.get("outputSchema", {}), False, "answer"),
        *refused_name(f"mcp__clerk__{tool['name']}"),
    ]
    yield by_schema(parameters, keeps=ENFORCED, anything={"text": "pro"}, refused=tuple(refused))


def refused_name(name):
    if not re.fullmatch("[a-zA-Z0-9_-]{1,64}", name):
        yield f"{name} is longer than 64 characters or has others than names have"


def sanitized(schema):
    kept = {keyword: schema[keyword] for keyword in KEPT if keyword in schema}
    kept.setdefault("type", "string")
    if kept["type"] == "object":
        kept["properties"] = {name: sanitized(child) for name, child in schema.get("properties", {}).items()}
    if isinstance(kept.get("additionalProperties"), dict):
        kept["additionalProperties"] = sanitized(kept["additionalProperties"])
    if kept["type"] == "array":
        kept["items"] = sanitized(schema.get("items", {}))
    return kept
