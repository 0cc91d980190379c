// A stage for views: the built program, a client of it, and a browser with the host's page.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import axe from "axe-core";
import { build } from "esbuild";
import { chromium } from "playwright-core";

export const EXTENSION = "io.modelcontextprotocol/ui";
export const HTML = "text/html;profile=mcp-app";
// What a host has to use for a view that declares no origins.
const POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'";
const CAPABILITIES = { serverTools: {}, updateModelContext: { text: {} }, message: { text: {} }, downloadFile: {} };

// A client of a program of its own. `capabilities` beside that of showing views; `answer` answers its questions.
export async function connect({ options = [], capabilities = {}, views = { mimeTypes: [HTML] }, answer, era = "auto" } = {}) {
    const declared = { ...capabilities, ...(views && { extensions: { [EXTENSION]: views } }) };
    const client = new Client({ name: "views", version: "1" }, { capabilities: declared, versionNegotiation: { mode: era } });
    if (answer) client.setRequestHandler("elicitation/create", answer);
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CLERK_")));
    await client.connect(new StdioClientTransport({ command: process.env.CLERK_MCP, args: ["stdio", "--demo", ...options], env, stderr: "ignore" }));
    return client;
}

// What a command of the program prints.
export function run(...words) {
    return execFileSync(process.env.CLERK_MCP, words, { encoding: "utf8", maxBuffer: 2 ** 26 });
}

// The text of a view.
export async function read(client, uri) {
    const { contents: [document] } = await client.readResource({ uri });
    return document;
}

export class Stage {
    static async open() {
        const stage = new Stage();
        const script = await build({ entryPoints: [new URL("host.js", import.meta.url).pathname], bundle: true, write: false, format: "iife", platform: "browser" });
        stage.documents = new Map([["/", [`<!doctype html><title>host</title><style>body{margin:0}iframe{border:0;width:100%;height:900px}</style><body><script>${script.outputFiles[0].text.replaceAll("</script", "<\\/script")}</script>`, {}]]]);
        stage.server = createServer(({ url }, response) => {
            const [text, headers] = stage.documents.get(url) ?? ["", {}];
            response.writeHead(text ? 200 : 404, { "content-type": "text/html; charset=utf-8", ...headers }).end(text);
        });
        await new Promise((resolve) => stage.server.listen(0, "127.0.0.1", resolve));
        stage.origin = `http://127.0.0.1:${stage.server.address().port}`;
        stage.browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
        return stage;
    }

    async close() {
        await this.browser.close();
        this.server.close();
    }

    // A page of its own. What it asks others for, and what it complains of, is kept for the test.
    async turn(width, theme) {
        await this.page?.context().close();
        const context = await this.browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, locale: "en-GB", timezoneId: "UTC" });
        const page = await context.newPage();
        Object.assign(this, { page, calls: [], told: [], foreign: [], faults: [] });
        page.on("request", (request) => {
            if (!request.url().startsWith(`${this.origin}/`)) this.foreign.push(request.url());
        });
        page.on("pageerror", (error) => this.faults.push(String(error)));
        page.on("console", (message) => {
            if (message.type() === "error" || message.type() === "warning") this.faults.push(message.text());
        });
        page.on("dialog", (dialog) => {
            this.faults.push(`a dialog: ${dialog.message()}`);
            dialog.dismiss();
        });
        this.documents.set("/favicon.ico", [" ", {}]);
        return page;
    }

    // Shows a document that is no view, as a browser does.
    async open(document, { width = 860, theme = "light" } = {}) {
        const page = await this.turn(width, theme);
        this.documents.set("/page", [document, {}]);
        await page.goto(`${this.origin}/page`);
        this.frame = page.mainFrame();
        return page;
    }

    // Shows a view. `call` answers the calls of its tools.
    async show({ document, given, result, call, theme = "light", capabilities = CAPABILITIES, width = 860, context = {} }) {
        const page = await this.turn(width, theme);
        await page.exposeFunction("outsideCall", async (params) => {
            this.calls.push(params);
            return call(params);
        });
        await page.exposeFunction("outsideTell", (what, params) => {
            this.told.push([what, params]);
            return {};
        });
        this.documents.set("/view", [document, { "content-security-policy": POLICY }]);
        await page.goto(`${this.origin}/`);
        const hostContext = { theme, timeZone: "UTC", locale: "en-GB", ...context };
        await page.evaluate((options) => window.mount(options), { url: `${this.origin}/view`, context: hostContext, capabilities, given, result });
        this.view = page.frameLocator("iframe");
        this.frame = page.frames().find((frame) => frame.url().endsWith("/view"));
        if (result) await this.frame.waitForFunction(() => !document.body.innerText.includes("Waiting for an answer"));
        return this.view;
    }

    // What axe finds wrong with the view, by rule and element.
    async audit() {
        await this.frame.evaluate(axe.source);
        const { violations } = await this.frame.evaluate(() => window.axe.run(document));
        return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target} ${any[0]?.message ?? ""}`));
    }

    // The words of the view.
    async text() {
        return this.frame.evaluate(() => document.body.innerText);
    }

    // Fails where the view has asked anybody else for something, or has complained.
    unharmed() {
        const found = [...this.foreign, ...this.faults];
        if (found.length > 0) throw new Error(`the view did what it must not: ${found.join("; ")}`);
    }
}
