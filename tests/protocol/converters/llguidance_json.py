"""llguidance, which vLLM, SGLang and llama.cpp can be built with: the same by a parser of its own."""

import json

from llguidance import LLMatcher, LLTokenizer

from meaning import Conversion

# One token for each byte.
TOKENIZER = LLTokenizer("byte")


def convert(tool):
    properties = tool["inputSchema"].get("properties", {})
    grammar = LLMatcher.grammar_from_json_schema(tool["inputSchema"])
    if error := LLMatcher.validate_grammar(grammar, TOKENIZER):
        raise ValueError(error)
    start = LLMatcher(TOKENIZER, grammar)

    def accepts(arguments):
        ordered = {name: arguments[name] for name in sorted(arguments, key=list(properties).index)}
        matcher = start.deep_copy()
        return matcher.consume_tokens(TOKENIZER.tokenize_str(json.dumps(ordered))) and matcher.is_accepting()

    yield Conversion(properties, accepts, tool["inputSchema"].get("required", []))
