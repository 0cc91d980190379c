"""Loads a component in wasmtime-py, and answers requests on standard input, each a line of JSON, on standard output.

    {"env": {…}, "policy": {…}, "api_url": …, "timeout_ms": …}, then for each line {"list": true} or {"call": [name, json]}

The state of a call that asks is its token here: this program is its own client, and has nobody to protect it from.
"""

import json
import sys

from wasmtime import Engine, Store, WasiConfig
from wasmtime.component import Component, Linker, Record

TOOLS = "clerk:mcp/mcp-tools@0.1.0"


def main(file):
    settings = json.loads(sys.stdin.readline())
    engine = Engine()
    component = Component.from_file(engine, file)
    linker = Linker(engine)
    linker.add_wasip2()
    linker.add_wasi_http()
    policy = record(**settings["policy"] | {"masks": record(**settings["policy"]["masks"])})
    for line in sys.stdin:
        request = json.loads(line)
        # A store for each call, as a host should.
        store = Store(engine)
        wasi = WasiConfig()
        wasi.env = list(settings["env"].items())
        store.set_wasi(wasi)
        store.set_wasi_http()
        instance = linker.instantiate(store, component)
        tools = instance.get_export_index(store, TOOLS)

        def function(name):
            return instance.get_func(store, instance.get_export_index(store, name, tools))

        if "list" in request:
            answer = [tool.name for tool in function("list")(store, policy)]
        else:
            name, arguments = request["call"][0], json.loads(request["call"][1])
            token = arguments.pop("confirmation_token", None)
            context = record(policy=policy, api_url=settings["api_url"], timeout_ms=settings["timeout_ms"],
                             client_capabilities="{}", input_responses=[], request_state=token, trace=None, budget=None,
                             mask_key=None)
            answer = result(function("call")(store, name, json.dumps(arguments), context))
        print(json.dumps(answer), flush=True)


def record(**fields):
    made = Record()
    for name, value in fields.items():
        setattr(made, name.replace("_", "-"), value)
    return made


def result(answer):
    """`{isError, text}`, or `{refused}` where no call took place."""
    if answer.tag == "ok" and answer.payload.tag == "complete":
        complete = answer.payload.payload
        return {"isError": getattr(complete, "is-error"), "text": complete.content[0].payload}
    if answer.tag == "ok" and answer.payload.tag == "consent-required":
        asked = answer.payload.payload
        return {"isError": False, "text": f'{{"preview":{asked.preview},"confirmation_token":{json.dumps(asked.state)}}}'}
    return {"refused": f"{answer.payload.tag}: {answer.payload.payload}"}


if __name__ == "__main__":
    main(sys.argv[1])
