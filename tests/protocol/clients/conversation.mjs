// What the clients here have in common: the checks ask on standard input, a client answers on standard output.
import { createInterface } from "node:readline";

// Standard output belongs to the answers.
console.log = console.debug = console.info = console.error;

/** The arguments: `legacy`, `auto` or a version of the protocol; then a URL, or a command with its arguments. */
export const [era, ...target] = process.argv.slice(2);

/** A version to insist on, or undefined for the eras that negotiate. */
export const pinned = ["legacy", "auto"].includes(era) ? undefined : era;

/** The SDKs have the same methods with the parameters of the protocol. */
export function methods(client) {
    return {
        "tools/list": () => client.listTools(),
        "tools/call": (params) => client.callTool(params),
        "prompts/list": () => client.listPrompts(),
        "prompts/get": (params) => client.getPrompt(params),
        "resources/list": () => client.listResources(),
        "resources/templates/list": () => client.listResourceTemplates(),
        "resources/read": (params) => client.readResource(params),
        "completion/complete": (params) => client.complete(params),
    };
}

/** Says which version was agreed on, then answers each line `{"method", "params"}` with a result or an error. */
export async function converse(protocolVersion, methods) {
    say({ result: { protocolVersion } });
    for await (const line of createInterface({ input: process.stdin })) {
        const { method, params } = JSON.parse(line);
        try {
            say({ result: await methods[method](params) });
        } catch (error) {
            say({ error: { code: error.code, message: String(error.message ?? error) } });
        }
    }
}

function say(answer) {
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}
