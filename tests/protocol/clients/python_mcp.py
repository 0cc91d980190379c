"""The client of the Python SDK: both eras."""

import anyio
from conversation import ARGUMENTS, COMMAND, ERA, converse, reference
from mcp import Client, StdioServerParameters


async def main():
    server = StdioServerParameters(command=COMMAND, args=ARGUMENTS) if ARGUMENTS else COMMAND
    async with Client(server, mode=ERA) as client:
        await converse(
            client.protocol_version,
            {
                "tools/list": client.list_tools,
                "tools/call": client.call_tool,
                "prompts/list": client.list_prompts,
                "prompts/get": client.get_prompt,
                "resources/list": client.list_resources,
                "resources/templates/list": client.list_resource_templates,
                "resources/read": client.read_resource,
                "completion/complete": lambda ref, argument: client.complete(reference(ref), argument),
            },
        )


anyio.run(main)
