// Loads a component that jco has transpiled, and answers requests on standard input, each a line of JSON, on standard
// output, as drivers/wasmtime_py.py does.
//
//   node jco.mjs DIRECTORY NAME

import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";

const [directory, name] = process.argv.slice(2);
const { instantiate } = await import(`${directory}/${name}.js`);
const compiled = new Map();

async function core(path) {
  if (!compiled.has(path)) compiled.set(path, await WebAssembly.compile(await readFile(`${directory}/${path}`)));
  return compiled.get(path);
}

let settings;
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (!settings) {
    settings = request;
    continue;
  }
  // An instance for each call, with the environment that it is granted and no more.
  const shim = new WASIShim({ sandbox: { env: settings.env, preopens: {}, args: [] } });
  const { mcpTools } = await instantiate(core, shim.getImportObject());
  const policy = { readOnly: settings.read_only, toolsets: [] };
  console.log(JSON.stringify(request.list ? mcpTools.list(policy).map((tool) => tool.name) : call(mcpTools, policy, request.call)));
}
process.exit(0);

/** `{isError, text}`, or `{refused}` where no call took place. */
function call(mcpTools, policy, [name, args]) {
  const context = {
    policy,
    apiUrl: settings.api_url,
    timeoutMs: settings.timeout_ms,
    clientCapabilities: "{}",
    inputResponses: [],
    requestState: undefined,
    trace: undefined,
  };
  try {
    const { tag, val } = mcpTools.call(name, args, context);
    return tag === "complete" ? { isError: val.isError, text: val.content[0].val } : { refused: tag };
  } catch (error) {
    if (!error.payload) throw error;
    return { refused: `${error.payload.tag}: ${JSON.stringify(error.payload.val)}` };
  }
}
