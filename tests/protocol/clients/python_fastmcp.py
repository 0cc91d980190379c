"""FastMCP's client: both eras."""

import anyio
from conversation import ARGUMENTS, COMMAND, ERA, converse, reference
from fastmcp import Client
from fastmcp.client.transports import StdioTransport


async def main():
    server = StdioTransport(COMMAND, ARGUMENTS, keep_alive=False) if ARGUMENTS else COMMAND
    async with Client(server, mode=ERA) as client:
        await converse(
            client.protocol_version,
            {
                "tools/list": client.list_tools_mcp,
                "tools/call": client.call_tool_mcp,
                "prompts/list": client.list_prompts_mcp,
                "prompts/get": client.get_prompt_mcp,
                "resources/list": client.list_resources_mcp,
                "resources/templates/list": client.list_resource_templates_mcp,
                "resources/read": client.read_resource_mcp,
                "completion/complete": lambda ref, argument: client.complete_mcp(reference(ref), argument),
            },
        )


anyio.run(main)
