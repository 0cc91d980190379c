"""Values that fit the schemas of arguments."""

import re

from operations import TABLE

# Arguments whose schema does not say all that the document does.
BY_NAME = {"enrollment_mode": "manual_invitation"}
TEXTS = ["text", "2030-01-01T00:00:00Z", "grace@mail.example", "+12025550111", *TABLE["places"].values()]


def fitting(schema, name=""):
    """A value for everything in it."""
    if name in BY_NAME:
        return BY_NAME[name]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {"key": {"type": "string"}})
            return {name: fitting(field, name) for name, field in fields.items()}
        case "array":
            return [fitting(schema["items"])]
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 0) + 1
        case _:
            # Dates have no pattern, as there are several ways to write them.
            pattern = r"^\d{4}-" if "2026-01-31" in schema.get("description", "") else schema.get("pattern", "")
            return next(text for text in TEXTS if re.search(pattern, text))
