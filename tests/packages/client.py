"""The client of the Python SDK as a program: what a server that it starts answers, as one line of JSON.

    client.py COMMAND [ARGUMENT…]
"""

import json
import os
import sys

import anyio
from mcp import Client, StdioServerParameters

ADA = {"email_address": "ada@acme.example"}


async def main():
    command, *arguments = sys.argv[1:]
    # By itself it passes on a few variables only.
    server = StdioServerParameters(command=command, args=arguments, env=dict(os.environ))
    async with Client(server, mode="legacy") as client:
        tools = await client.list_tools()
        called = await client.call_tool("clerk_get_user", ADA)
        answers = {
            "server": client.server_info.name,
            "tools": [tool.name for tool in tools.tools],
            "called": json.loads(called.content[0].text),
        }
    print(json.dumps(answers))


anyio.run(main)
