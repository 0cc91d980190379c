// The page of `clerk-mcp http` as people see it: by a narrow and a wide screen, in light and dark, with scripts and without.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { chromium } from "playwright-core";

const TOKEN = "open sesame, open";
const HOSTILE = `<img src="https://evil.example/x.png" onerror="alert(1)"><script>alert(2)</script>`;

let browser;
// What a test has open. It is closed before its server ends, which a page would complain of.
const open = new Set();
const log = join(tmpdir(), `clerk-mcp-page-${process.pid}.jsonl`);
before(async () => {
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
});
after(async () => {
    await browser.close();
    rmSync(log, { force: true });
});

// A server of its own on sample data, which ends with the test.
async function serve(context, { settings = {}, options = [] } = {}) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CLERK_")));
    const words = ["http", "--demo", "--listen", "127.0.0.1:0", ...options];
    const child = spawn(process.env.CLERK_MCP, words, { env: { ...env, ...settings }, stdio: ["ignore", "ignore", "pipe"] });
    context.after(async () => {
        for (const own of open) await own.close();
        open.clear();
        child.kill();
    });
    let said = "";
    for await (const part of child.stderr.iterator({ destroyOnReturn: false })) {
        said += part;
        const found = said.match(/page at (http:\/\/[^/]+)\//);
        if (found) {
            child.stderr.resume();
            return found[1];
        }
    }
    throw new Error(`the server does not start: ${said}`);
}

// Calls a tool as a client of this name.
async function call(origin, name, given = {}, client = "tests", headers = {}) {
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

// A page in a browser of its own; what it asks others for and complains of is a failure at the end.
async function look(context, origin, { width = 1100, theme = "light", scripts = true } = {}) {
    const own = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme, javaScriptEnabled: scripts });
    open.add(own);
    const page = await own.newPage();
    const faults = [];
    page.on("request", (request) => {
        if (!request.url().startsWith(`${origin}/`) && request.url() !== "data:,") faults.push(`a request to ${request.url()}`);
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
        // Chromium tells of each answer with 401 by itself.
        if (["error", "warning"].includes(message.type()) && !message.text().includes("status of 401")) faults.push(message.text());
    });
    page.on("dialog", (dialog) => {
        faults.push(`a dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    context.after(() => assert.deepEqual(faults, []));
    return page;
}

// What axe finds wrong, by rule and element. It is put in by the browser's tools: the page lets no other script in.
async function audit(page) {
    const { violations } = await page.evaluate(`${axe.source}; axe.run(document)`);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target} ${any[0]?.message ?? ""}`));
}

const words = (page) => page.evaluate(() => document.body.innerText);

test("the page goes on by itself, and can be paused", async (context) => {
    const origin = await serve(context);
    const page = await look(context, origin);
    await page.goto(origin);
    await page.evaluate(() => { window.mark = 1; });
    await page.getByText("No calls yet.").waitFor();
    await call(origin, "clerk_list_users");
    await page.getByText("1 in the last hour").waitFor();
    await page.getByRole("cell", { name: "clerk_list_users" }).waitFor();
    await call(origin, "clerk_create_organization", { name: "Another" });
    await page.getByText("2 in the last hour").waitFor();
    assert.equal(await page.evaluate(() => window.mark), 1, "nothing was loaded anew");
    await page.getByRole("button", { name: "Pause updates" }).click();
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await call(origin, "clerk_list_users");
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3500)));
    assert.deepEqual(asked, []);
    await page.getByRole("button", { name: "Go on with updates" }).click();
    await page.getByText("3 in the last hour").waitFor();
});

test("without scripts it is as new as it was loaded", async (context) => {
    const origin = await serve(context);
    const page = await look(context, origin, { scripts: false });
    await page.goto(origin);
    await page.getByText("Reload the page for newer figures.").waitFor();
    await call(origin, "clerk_list_users");
    await page.reload();
    await page.getByText("1 in the last hour").waitFor();
    assert.equal(await page.getByRole("button").count(), 0);
});

test("everybody can read it, on a phone and in the dark too", async (context) => {
    const origin = await serve(context, { options: ["--audit", log, "--exclude-tools", "clerk_delete_*"] });
    const guarded = await serve(context, { settings: { CLERK_MCP_AUTH_TOKEN: TOKEN } });
    await call(origin, "clerk_list_users");
    await call(origin, "clerk_create_organization", { name: "<b>" });
    await call(origin, "clerk_create_organization", { name: "Another" });
    await call(origin, "clerk_offboard_user", { user_id: "user_none" }, `${"long".repeat(40)} ${"x ".repeat(40)}`);
    for (const theme of ["light", "dark"]) {
        for (const width of [360, 1100]) {
            for (const url of [`${origin}/`, `${origin}/page/audit`, `${guarded}/`]) {
                const page = await look(context, url.startsWith(origin) ? origin : guarded, { width, theme });
                await page.goto(url);
                for (const summary of await page.locator("summary").all()) await summary.click();
                const what = `${theme} ${width} ${url}`;
                assert.deepEqual(await audit(page), [], what);
                const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                assert.ok(wide <= 0, `${what}: ${wide} too wide`);
                const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
                assert.equal(back === "rgb(255, 255, 255)", theme === "light", what);
                if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${theme}-${width}-${new URL(url).pathname.replaceAll("/", "_")}-${url.startsWith(guarded) ? "guarded" : "open"}.png`), fullPage: true });
            }
        }
    }
});

test("somebody signs in by the token, and out again", async (context) => {
    const origin = await serve(context, { settings: { CLERK_MCP_AUTH_TOKEN: TOKEN } });
    const page = await look(context, origin);
    await page.goto(origin);
    assert.ok(!(await words(page)).includes("clerk_"));
    await page.getByLabel("Token").fill("not the token of it");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("not the token of this server").waitFor();
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "This server" }).waitFor();
    const [cookie, ...others] = await page.context().cookies();
    assert.deepEqual([others, cookie.httpOnly, cookie.sameSite, cookie.secure], [[], true, "Strict", false]);
    assert.equal(await page.evaluate(() => document.cookie), "");
    const status = await page.evaluate(() => fetch("/mcp", { method: "POST", body: "{}" }).then((answer) => answer.status));
    assert.equal(status, 401, "the cookie is none for MCP");
    await call(origin, "clerk_list_users", {}, "tests", { authorization: `Bearer ${TOKEN}` });
    await page.getByText("1 in the last hour").waitFor();
    // The session ends elsewhere: the page notices.
    const other = await page.context().newPage();
    await other.goto(origin);
    await other.getByRole("button", { name: "Sign out" }).click();
    await other.getByLabel("Token").waitFor();
    await page.getByLabel("Token").waitFor();
    assert.deepEqual(await page.context().cookies(), []);
});

test("names of strangers are text", async (context) => {
    const origin = await serve(context);
    const page = await look(context, origin);
    await page.goto(origin);
    await call(origin, "clerk_list_users", {}, HOSTILE);
    await page.getByText("1 in the last hour").waitFor();
    assert.ok((await words(page)).includes(HOSTILE));
    assert.equal(await page.locator("img").count(), 0);
});

test("somebody looks for a call in the audit log", async (context) => {
    const file = `${log}.filter`;
    context.after(() => rmSync(file, { force: true }));
    const origin = await serve(context, { options: ["--audit", file] });
    for (const name of ["One", "<b>", "Two"]) await call(origin, "clerk_create_organization", { name });
    const page = await look(context, origin);
    await page.goto(origin);
    await page.getByRole("link", { name: "Look at the audit log" }).click();
    await page.getByText("As it was written: 6 lines").waitFor();
    assert.equal(await page.getByRole("row").count(), 4);
    await page.getByLabel("Outcome").selectOption("error");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByText("1 found").waitFor();
    assert.equal(await page.getByLabel("Outcome").inputValue(), "error");
});
