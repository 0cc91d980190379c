// The client of the TypeScript SDK, second generation: both eras.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { converse, era, methods, pinned, target } from "./conversation.mjs";

const [command, ...args] = target;
const transport = args.length
    ? new StdioClientTransport({ command, args })
    : new StreamableHTTPClientTransport(new URL(command));
const versionNegotiation = { mode: pinned ? { pin: pinned } : era };
const client = new Client({ name: "clerk-mcp-protocol-tests", version: "1" }, { versionNegotiation });
await client.connect(transport);
await converse(client.getNegotiatedProtocolVersion(), methods(client));
await client.close();
