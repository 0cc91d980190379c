// The MCP Inspector's command line: a process, and with standard input and output a server, for each question.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { converse, era, target } from "./conversation.mjs";

const inspector = fileURLToPath(new URL("../node_modules/.bin/inspector", import.meta.url));

// The Inspector keeps files in the home directory.
const env = { ...process.env, HOME: fileURLToPath(new URL("../home", import.meta.url)) };

const pairs = (values) => Object.entries(values).map(([name, value]) => `${name}=${value}`);

/** Resolves with the result, whose `isError` the Inspector also reports by its exit status. */
function ask(method, ...options) {
    const server = target.length > 1 ? ["--", ...target] : target;
    const cli = ["--cli", "--method", method, ...options, "--protocol-era", era, "--format", "json", "--quiet", ...server];
    return new Promise((resolve, reject) => {
        execFile(process.execPath, [inspector, ...cli], { env }, (failure, stdout, stderr) => {
            const { result } = JSON.parse(stdout || "{}");
            if (failure && !result?.isError) {
                reject(new Error(stderr.trim() || failure.message));
            } else {
                resolve(result);
            }
        });
    });
}

const { protocolVersion } = await ask("initialize");
await converse(protocolVersion, {
    // Strict: a schema that not every model's API takes is a failure.
    "tools/list": () => ask("tools/list", "--strict"),
    "tools/call": (params) =>
        ask("tools/call", "--tool-name", params.name, "--tool-args-json", JSON.stringify(params.arguments)),
    "prompts/list": () => ask("prompts/list"),
    "prompts/get": (params) =>
        ask("prompts/get", "--prompt-name", params.name, "--prompt-args", ...pairs(params.arguments)),
    "resources/list": () => ask("resources/list"),
    "resources/templates/list": () => ask("resources/templates/list"),
    "resources/read": (params) => ask("resources/read", "--uri", params.uri),
});
