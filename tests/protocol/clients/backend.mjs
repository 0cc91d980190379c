// Clerk's own SDK for servers: calls every method that it has, and prints a line for each.
import { createClerkClient } from "@clerk/backend";
import { left, sample, steps } from "./backend_steps.mjs";

const [apiUrl, secretKey] = process.argv.slice(2);
const clerk = createClerkClient({ apiUrl, secretKey, telemetry: { disabled: true } });

// Methods that the classes share, and parts of the client that are no resources.
const shared = new Set(["constructor", "request", "requireId"]);
const parts = new Set(["telemetry"]);

function methods() {
    const names = [];
    for (const [resource, api] of Object.entries(clerk)) {
        if (typeof api !== "object" || api === null || parts.has(resource)) continue;
        for (let type = Object.getPrototypeOf(api); type !== Object.prototype; type = Object.getPrototypeOf(type)) {
            const own = Object.getOwnPropertyNames(type).filter((name) => !shared.has(name));
            names.push(...own.map((name) => `${resource}.${name}`));
        }
    }
    return names;
}

function print(line) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function take({ call, with: parameters, holds, refused }, kept) {
    const [resource, method] = call.split(".");
    try {
        const result = await clerk[resource][method](...parameters(kept));
        print({ call, error: refused ? `it is not refused with ${refused}` : (await holds(result, kept)) || null });
    } catch (error) {
        const refusal = `${error.status} ${error.errors?.[0]?.code}`;
        const details = error.errors?.map(({ code, longMessage }) => `${code}: ${longMessage}`).join("; ");
        print({ call, error: refusal === refused ? null : `${error.status ?? ""} ${details || error.stack}` });
    }
}

const kept = await sample(clerk);
for (const step of steps) await take(step, kept);
const known = new Set([...steps.map(({ call }) => call), ...Object.keys(left)]);
for (const name of methods()) {
    if (!known.has(name)) print({ call: name, error: "nobody calls it" });
    if (name in left) print({ call: name, skipped: left[name] });
}
