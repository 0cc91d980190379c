// The client of the TypeScript SDK, first generation, which most of today's clients are built on: the older era.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { converse, methods, target } from "./conversation.mjs";

const [command, ...args] = target;
const transport = args.length
    ? new StdioClientTransport({ command, args })
    : new StreamableHTTPClientTransport(new URL(command));
// The SDK hands the version to the transport and keeps it nowhere else.
let version;
const setProtocolVersion = transport.setProtocolVersion?.bind(transport);
transport.setProtocolVersion = (negotiated) => {
    version = negotiated;
    setProtocolVersion?.(negotiated);
};
const client = new Client({ name: "clerk-mcp-protocol-tests", version: "1" });
await client.connect(transport);
await converse(version, methods(client));
await client.close();
