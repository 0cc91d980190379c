// The program as a server of HTTP, and a client of it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";

// Starts a server on sample data: where it is, and how to end it.
export async function start({ settings = {}, options = [] } = {}) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CLERK_")));
    const words = ["http", "--demo", "--listen", "127.0.0.1:0", ...options];
    const child = spawn(process.env.CLERK_MCP, words, { env: { ...env, ...settings }, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    for await (const part of child.stderr.iterator({ destroyOnReturn: false })) {
        said += part;
        const found = said.match(/page at (http:\/\/[^/]+)\//);
        if (found) {
            child.stderr.resume();
            return { origin: found[1], end: () => child.kill() };
        }
    }
    child.kill();
    throw new Error(`the server does not start: ${said}`);
}

// Calls a tool as a client of this name.
export async function call(origin, name, given = {}, client = "tests", headers = {}) {
    const version = "2026-07-28";
    const info = { name: client, version: "1" };
    const _meta = {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientInfo": info,
        "io.modelcontextprotocol/clientCapabilities": {},
    };
    const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: given, _meta } };
    const answer = await fetch(`${origin}/mcp`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream", "mcp-protocol-version": version, "mcp-method": "tools/call", "mcp-name": name, ...headers },
        body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
}
