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
    const { exclude_tools: excludeTools, private_metadata: privateMetadata, ask_metadata: askMetadata, page_bytes: pageBytes, keeps_secrets: keepsSecrets, ...same } = settings.policy;
    settings.policy = { ...same, excludeTools, privateMetadata, askMetadata, pageBytes, keepsSecrets };
    continue;
  }
  // An instance for each call, with the environment that it is granted and no more.
  const shim = new WASIShim({ sandbox: { env: settings.env, preopens: {}, args: [] } });
  const { mcpTools } = await instantiate(core, shim.getImportObject());
  const policy = settings.policy;
  console.log(JSON.stringify(request.list ? mcpTools.list(policy).map((tool) => tool.name) : call(mcpTools, policy, request.call)));
}
process.exit(0);

/**
 * `{isError, text}`, or `{refused}` where no call took place. The state of a call that asks is its token here: this program
 * is its own client, and has nobody to protect it from.
 */
function call(mcpTools, policy, [name, args]) {
  const { confirmation_token: requestState, ...rest } = JSON.parse(args);
  const context = {
    policy,
    apiUrl: settings.api_url,
    timeoutMs: settings.timeout_ms,
    clientCapabilities: "{}",
    inputResponses: [],
    requestState,
    trace: undefined,
    budget: undefined,
    maskKey: undefined,
  };
  try {
    const { tag, val } = mcpTools.call(name, JSON.stringify(rest), context);
    if (tag === "consent-required") {
      return { isError: false, text: `{"preview":${val.preview},"confirmation_token":${JSON.stringify(val.state)}}` };
    }
    return tag === "complete" ? { isError: val.isError, text: val.content[0].val } : { refused: tag };
  } catch (error) {
    if (!error.payload) throw error;
    return { refused: `${error.payload.tag}: ${JSON.stringify(error.payload.val)}` };
  }
}
