// What holds for every view, whatever it is given: nothing is harmed, nobody is asked for anything, and everybody can use it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { HOSTILE, hostile, longPreview, result, users } from "./samples.mjs";
import { connect, read, run, Stage } from "./stage.mjs";

let stage, client, documents, ada, acme;
const call = (params) => client.callTool(params);
const answer = async (name, given = {}) => call({ name, arguments: given });

before(async () => {
    stage = await Stage.open();
    client = await connect();
    const names = ["consent", "person", "list", "review"];
    documents = Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await read(client, `ui://clerk/${name}`)).text])));
    ada = (await answer("clerk_find_user", { query: "ada" })).structuredContent.data[0].id;
    acme = (await answer("clerk_get_organization", { slug: "acme" })).structuredContent.id;
});
after(async () => {
    await client.close();
    await stage.close();
});

// Each view with real results: its name, the tool and its arguments.
const REAL = () => [
    ["consent", "clerk_delete_user", { user_id: ada }], ["consent", "clerk_ban_user", { user_id: ada, dry_run: true }],
    ["consent", "clerk_update_user", { user_id: ada, first_name: "Adele", dry_run: true }], ["consent", "clerk_create_invitation", { organization_id: acme, email_address: "new@mail.example", role: "org:member", dry_run: true }],
    ["consent", "clerk_delete_user", { user_id: "user_nobody" }],
    ["person", "clerk_get_user", { user_id: ada }], ["person", "clerk_get_user_access_report", { user_id: ada }],
    ["list", "clerk_list_users", {}], ["list", "clerk_find_user", { query: "a" }], ["list", "clerk_list_organizations", {}],
    ["list", "clerk_list_organization_members", { organization_id: acme }], ["list", "clerk_list_organization_invitations", { organization_id: acme }],
    ["list", "clerk_list_invitations", {}], ["list", "clerk_list_waitlist_entries", {}], ["list", "clerk_list_sessions", { user_id: ada }],
    ["review", "clerk_security_review", {}],
];

// Fails where the view has harmed or been harmed, cannot be used by everybody, or is wider than its frame.
async function fit(name, isAudited = true) {
    stage.unharmed();
    assert.equal(await stage.frame.evaluate(() => window.harmed), undefined, name);
    if (isAudited) assert.deepEqual(await stage.audit(), [], name);
    const { scrolled, width } = await stage.frame.evaluate(() => ({ scrolled: document.documentElement.scrollWidth, width: innerWidth }));
    assert.ok(scrolled <= width, `${name} is ${scrolled} wide in ${width}`);
    assert.equal(await stage.frame.evaluate(() => document.querySelectorAll("#main script, #main img, #main svg, #main a, #main iframe, #main b:not(.numbers b)").length), 0, name);
}

for (const [theme, width] of [["light", 860], ["dark", 360]]) {
    test(`real results, ${theme}, ${width} wide`, async () => {
        for (const [view, tool, given] of REAL()) {
            await stage.show({ document: documents[view], given, result: await answer(tool, given), call, theme, width });
            assert.ok((await stage.text()).length > 60, tool);
            await fit(`${view} of ${tool}`);
        }
    });
}

test("a view is dark where the host is, and has the host's colours", async () => {
    const ground = () => stage.frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const given = [documents.person, await answer("clerk_get_user", { user_id: ada })];
    const show = (more) => stage.show({ document: given[0], result: given[1], call, ...more });
    await show({ theme: "light" });
    assert.equal(await ground(), "rgb(255, 255, 255)");
    await show({ theme: "dark" });
    assert.equal(await ground(), "rgb(25, 27, 31)");
    await show({ theme: "light", context: { styles: { variables: { "--color-background-primary": "rgb(1, 2, 3)" } } } });
    assert.equal(await ground(), "rgb(1, 2, 3)");
    await stage.page.evaluate(() => window.bridge.sendHostContextChange({ styles: { variables: { "--color-background-primary": "rgb(4, 5, 6)" } } }));
    await stage.frame.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(4, 5, 6)");
});

// Results of the views' tools with nothing in them.
const EMPTY = [
    ["consent", result({})], ["consent", result({ preview: { action: "Nothing", tool: "clerk_ban_user" } })], ["consent", { content: [], isError: true }], ["consent", { content: [{ type: "text", text: "no JSON" }] }],
    ["person", result({ user: { id: "user_1" } })], ["person", result({})], ["list", result({ data: [], has_more: false })], ["list", result({})],
    ["review", result({ looked_at: [], failed: [] })], ["review", { content: [] }],
];

test("nothing", async () => {
    for (const [view, given] of EMPTY) {
        await stage.show({ document: documents[view], result: given, call });
        await fit(view);
    }
});

test("very much", async () => {
    const all = [
        ["consent", result({ preview: longPreview(5000) })], ["list", result({ data: users(5000), has_more: true, next_offset: 5000, total_count: 90000 })],
        ["person", result({ user: users(1)[0], organizations: { data: Array.from({ length: 100 }, () => ({ organization: { name: "Acme" }, role: "org:admin" })), has_more: true }, active_sessions: { data: Array.from({ length: 100 }, (_, place) => ({ id: `sess_${place}`, status: "active", last_active_at: "2026-01-01T00:00:00Z" })), has_more: true } })],
        ["review", result({ looked_at: [{ list: "users", count: 500 }], administrators_without_second_factor: { data: users(50), total_count: 900, has_more: true } })],
    ];
    for (const [view, given] of all) {
        const started = Date.now();
        await stage.show({ document: documents[view], result: given, call });
        assert.ok(Date.now() - started < 10_000, view);
        stage.unharmed();
        assert.ok(await stage.frame.evaluate(() => document.querySelectorAll("*").length) < 6000, view);
    }
});

test("an enemy in every field", async () => {
    for (const [view, tool, given] of REAL()) {
        const real = await answer(tool, given);
        for (let first = 0; first < HOSTILE.length; first += 6) {
            const structuredContent = hostile(real.structuredContent ?? {}, "", { next: first });
            const meta = real._meta && { "clerk-mcp/consent": { ...real._meta["clerk-mcp/consent"], name: HOSTILE[first] } };
            await stage.show({ document: documents[view], given, result: { ...result(structuredContent, meta), isError: real.isError }, call });
            await fit(`${view} of ${tool} from ${first}`, first === 0);
            const text = await stage.frame.evaluate(() => document.getElementById("main").textContent);
            assert.ok(!/[\u200b\u202a-\u202e\u2066-\u2069\u{e0041}]/u.test(text), `${view} of ${tool}: what nobody sees is there`);
        }
    }
});

test("markup is shown as it is written, and hidden characters by their numbers", async () => {
    const row = { id: "user_1", first_name: "<b>bold</b>", last_name: "\u202egnp\u202c", email_addresses: [] };
    await stage.show({ document: documents.list, result: result({ data: [row], has_more: false }), call });
    const text = await stage.text();
    for (const wanted of ["<b>bold</b>", "U+202E", "gnp"]) assert.ok(text.includes(wanted), text);
    const stacked = { id: "user_1", first_name: `Z${"\u0335".repeat(100)}`, last_name: "Nguyễn หญิงสู้", email_addresses: [] };
    await stage.show({ document: documents.list, result: result({ data: [stacked], has_more: false }), call });
    assert.match(await stage.text(), /U\+0335 ×96 Nguyễn หญิงสู้/);
    const emoji = { id: "user_1", first_name: "👩‍👩‍👧 🏳️‍🌈", last_name: "O’Brien", email_addresses: [] };
    await stage.show({ document: documents.list, result: result({ data: [emoji], has_more: false }), call });
    assert.ok(!(await stage.text()).includes("U+"), await stage.text());
});

test("a stranger's frame is not listened to", async () => {
    await stage.show({ document: documents.consent, given: { user_id: ada }, result: await answer("clerk_delete_user", { user_id: ada }), call });
    const seen = await stage.text();
    const forged = { jsonrpc: "2.0", method: "ui/notifications/tool-result", params: result({ preview: { action: "Forged", tool: "clerk_delete_user" } }) };
    await stage.page.evaluate((message) => {
        const other = document.createElement("iframe");
        other.srcdoc = `<script>parent.frames[0].postMessage(${JSON.stringify(message)}, "*"); parent.postMessage("sent", "*")</script>`;
        const sent = new Promise((resolve) => addEventListener("message", ({ data }) => data === "sent" && resolve()));
        document.body.append(other);
        return sent;
    }, forged);
    await stage.frame.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    assert.equal(await stage.text(), seen);
});

test("the audit log, real and forged", async () => {
    const folder = mkdtempSync(join(tmpdir(), "views-"));
    const file = join(folder, "audit.jsonl");
    const recorded = await connect({ options: ["--audit", file] });
    for (const given of [{ first_name: "<img src=x onerror=alert(1)>" }, { first_name: "</script><b>x" }]) {
        await recorded.callTool({ name: "clerk_update_user", arguments: { user_id: ada, ...given } });
    }
    await recorded.callTool({ name: "clerk_delete_user", arguments: { user_id: ada } });
    await recorded.close();
    for (const theme of ["light", "dark"]) {
        await stage.open(run("audit", "show", "--html", file), { theme });
        const page = stage.page;
        assert.match(await stage.text(), /The log is as it was written/);
        assert.equal(await page.getByRole("listitem").count(), 3);
        await page.getByText("1 changed").first().click();
        assert.match(await stage.text(), /<\/script><b>x|<img/);
        await page.getByRole("searchbox").fill("delete");
        assert.equal(await page.getByRole("listitem").count(), 1);
        await fit("audit");
    }
    execFileSync("sed", ["-i", "2s/clerk_update_user/clerk_delete_user/", file]);
    await stage.open(run("audit", "show", "--html", file));
    assert.match(await stage.text(), /not as it was written[\s\S]*line 2 was changed/);
    rmSync(folder, { recursive: true });
});
