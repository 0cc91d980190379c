// What people do in the views of people, lists and reviews: each by the view alone, without the model.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { result, users } from "./samples.mjs";
import { connect, read, Stage } from "./stage.mjs";

let stage, client;
const documents = {};
before(async () => {
    stage = await Stage.open();
    client = await connect({ options: ["--toolsets", "all"] });
    for (const name of ["person", "list", "review"]) documents[name] = (await read(client, `ui://clerk/${name}`)).text;
});
after(async () => {
    await client.close();
    await stage.close();
});

const call = (params) => client.callTool(params);
const answer = (name, given = {}) => call({ name, arguments: given });
const find = async (query) => (await answer("clerk_find_user", { query })).structuredContent.data[0].id;
const toolInfo = (name) => ({ toolInfo: { tool: { name, inputSchema: { type: "object" } } } });
const rows = () => stage.view.getByRole("row").count();

test("a person is shown with all of their access", async () => {
    const user_id = await find("ada");
    await stage.show({ document: documents.person, given: { user_id }, result: await answer("clerk_get_user", { user_id }), call });
    assert.ok(!(await stage.text()).includes("Acme Robotics"));
    await stage.view.getByRole("button", { name: "Show organizations and sessions" }).click();
    await stage.view.getByText("Acme Robotics").waitFor();
    const text = await stage.text();
    for (const wanted of ["Password", "Google", "authenticator app, backup codes", "Chrome on Macintosh", "Boston, US", "London, GB", "Nothing that is known here keeps them out"]) assert.ok(text.includes(wanted), wanted);
    assert.ok(text.indexOf("Boston") < text.indexOf("London"), "the latest first");
    assert.deepEqual(stage.calls.map(({ name }) => name), ["clerk_get_user_access_report"]);
    stage.unharmed();
});

test("what keeps somebody out, and who is in their place", async () => {
    const session = { id: "sess_1", status: "active", actor: { sub: "support@acme.example" }, latest_activity: { city: "Oslo" }, last_active_at: "2026-01-02T03:04:05Z" };
    const user = { ...users(1)[0], banned: true, locked: true, lockout_expires_in_seconds: 90, email_addresses: [{ id: "i", email_address: "a@b.example", verification: { status: "unverified" } }] };
    await stage.show({ document: documents.person, result: result({ user, active_sessions: { data: [session] } }), call });
    const text = await stage.text();
    for (const wanted of ["Banned: they cannot sign in", "Locked: for 2 more minutes", "None of their addresses is verified", "unverified", "impersonated", "Used in their place by support@acme.example", "Unlock …", "Lift the ban …"]) assert.ok(text.includes(wanted), wanted);
});

test("a button leads to a preview, and to a write only by a yes", async () => {
    const user_id = await find("tim@acme.example");
    const report = () => answer("clerk_get_user_access_report", { user_id });
    await stage.show({ document: documents.person, given: { user_id }, result: await report(), call });
    await stage.view.getByRole("button", { name: "Ban …" }).click();
    await stage.view.getByRole("button", { name: "No, leave it" }).click();
    await stage.view.getByRole("button", { name: "Back to the person" }).click();
    await stage.view.getByRole("button", { name: "Ban …" }).click();
    await stage.view.getByText("They are signed out everywhere").waitFor();
    assert.ok(stage.calls.every(({ name, arguments: given }) => name !== "clerk_ban_user" || given.dry_run));
    assert.equal((await report()).structuredContent.user.banned, false);
    await stage.view.getByRole("button", { name: "Yes: Ban a user" }).click();
    await stage.view.getByText("Done", { exact: true }).waitFor();
    assert.equal((await report()).structuredContent.user.banned, true);
    await stage.view.getByRole("button", { name: "Back to the person" }).click();
    await stage.view.getByText("Banned: they cannot sign in").waitFor();
});

test("what is final asks for the name, also from a button", async () => {
    const user_id = await find("quinn@mail.example");
    await stage.show({ document: documents.person, given: { user_id }, result: await answer("clerk_get_user_access_report", { user_id }), call });
    await stage.view.getByRole("button", { name: "Delete …" }).click();
    await stage.view.getByRole("button", { name: "Yes: Delete a user" }).click();
    await stage.view.getByRole("textbox").fill("quinn@mail.example");
    await stage.view.getByRole("button", { name: "Yes: Delete a user" }).click();
    await stage.view.getByText("Done", { exact: true }).waitFor();
    assert.ok((await answer("clerk_get_user", { user_id })).isError);
});

test("only writes that the policy allows are offered", async () => {
    for (const [options, offered] of [[["--read-only"], []], [["--exclude-tools", "clerk_delete_*,clerk_offboard_user"], ["Lock …", "Ban …", "Sign out everywhere …", "Reset second factors …"]]]) {
        const other = await connect({ options });
        const { text: document } = await read(other, "ui://clerk/person");
        const user_id = await find("ada");
        await stage.show({ document, given: { user_id }, result: await answer("clerk_get_user", { user_id }), call });
        assert.deepEqual(await stage.view.getByRole("button", { name: /(Lock|Ban|Sign out|Reset|Off-board|Delete)/ }).allInnerTexts(), offered);
        await other.close();
    }
});

test("a list loads its further pages by the same tool, filters and sorts", async () => {
    const given = { limit: 20, order_by: "-created_at" };
    for (const context of [toolInfo("clerk_list_users"), {}]) {
        await stage.show({ document: documents.list, given, result: await answer("clerk_list_users", given), call, context });
        assert.equal(await rows(), 21);
        await stage.view.getByRole("button", { name: "Load more" }).click();
        await stage.view.getByText("1–40 of 40 loaded").waitFor();
        assert.equal(stage.calls[0].name, "clerk_list_users");
        assert.equal(stage.calls[0].arguments.limit, 20);
        await stage.view.getByRole("button", { name: "Load all" }).click();
        await stage.view.getByText(/1–50 of 6\d$/).waitFor();
    }
    await stage.view.getByRole("searchbox").fill("lovelace");
    assert.equal(await rows(), 2);
    await stage.view.getByRole("searchbox").fill("");
    const names = async () => (await stage.view.getByRole("rowheader").allInnerTexts()).filter((name) => name !== "–");
    const head = stage.view.getByRole("columnheader", { name: "Name", exact: true });
    await head.getByRole("button").press("Enter");
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
    const rising = await names();
    assert.deepEqual(rising, [...rising].sort(new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare));
    // The focus stays where it was.
    await stage.page.keyboard.press("Enter");
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    assert.notDeepEqual(await names(), rising);
    stage.unharmed();
});

test("a file of CSV has what is shown, and no formula", async () => {
    const data = [
        { ...users(1)[0], first_name: "=cmd|' /C calc'!A0", last_name: "", username: "+1" }, { ...users(1)[0], first_name: "@SUM(1)", last_name: "x\"y,\nz" },
        { ...users(1)[0], first_name: "-2", last_name: "" }, { ...users(1)[0], first_name: "\t=1", last_name: "" },
    ];
    await stage.show({ document: documents.list, result: result({ data, has_more: false }), call });
    await stage.view.getByRole("button", { name: "Export CSV" }).click();
    await stage.view.getByText("users.csv is saved.").waitFor();
    const { resource } = stage.told.find(([what]) => what === "file")[1].contents[0];
    assert.equal(resource.mimeType, "text/csv");
    const lines = resource.text.split("\r\n");
    assert.match(lines[0], /^"Name","Address","Username"/);
    assert.ok(lines[1].startsWith(`"'=cmd|' /C calc'!A0","person0@mail.example","'+1"`), lines[1]);
    assert.ok(lines[2].startsWith(`"'@SUM(1) x""y,\nz"`), lines[2]);
    assert.ok(lines[3].startsWith(`"'-2"`) && lines[4].startsWith(`"'`), lines[4]);
    // A client that saves no files: the text is there to be copied.
    await stage.show({ document: documents.list, result: result({ data, has_more: false }), call, capabilities: {} });
    await stage.view.getByRole("button", { name: "Export CSV" }).click();
    assert.equal((await stage.view.getByRole("textbox", { name: "The rows as CSV" }).inputValue()).replaceAll("\n", ""), resource.text.replaceAll(/[\r\n]/g, ""));
    stage.unharmed();
});

test("members are reviewed by role, second factor and last visit", async () => {
    const { structuredContent: { id: organization_id } } = await answer("clerk_get_organization", { slug: "acme" });
    const members = await answer("clerk_list_organization_members", { organization_id });
    await stage.show({ document: documents.list, given: { organization_id }, result: members, call });
    await stage.view.getByRole("button", { name: /Review their access/ }).click();
    await reviewed();
    await stage.show({ document: documents.review, given: {}, result: await answer("clerk_security_review"), call });
    await stage.view.getByRole("button", { name: /Review the members/ }).click();
    await stage.view.getByRole("combobox", { name: "Organization" }).selectOption({ label: "Acme Robotics (acme)" });
    await stage.view.getByRole("button", { name: "Show its members" }).click();
    await reviewed();
});

test("of several instances, a view names one, and stays with it", async () => {
    const user = users(1)[0];
    const named = (content) => result({ instance: "staging", ...content });
    const call = ({ arguments: { dry_run: isDry } }) => named(isDry ? { preview: { action: "Ban a user", tool: "clerk_ban_user" } } : { id: user.id });
    await stage.show({ document: documents.person, given: { instance: "staging", user_id: user.id }, result: named(user), call });
    assert.match(await stage.text(), /Instance staging/);
    await stage.view.getByRole("button", { name: "Ban …" }).click();
    await stage.view.getByRole("button", { name: "Yes: Ban a user" }).click();
    await stage.view.getByText("Done", { exact: true }).waitFor();
    assert.match(await stage.text(), /Instance staging/);
    assert.deepEqual(stage.calls.map(({ arguments: given }) => given.instance), ["staging", "staging"]);
});

test("a review goes through all pages, of users by their cursors", async () => {
    const people = users(450);
    const members = people.map(({ id }) => ({ role: "org:member", public_user_data: { user_id: id, identifier: `${id}@mail.example` }, organization: { id: "org_1", name: "Large" } }));
    const pages = ({ name, arguments: { limit = 100, offset = 0, starting_after: after } }) => {
        const first = name === "clerk_list_users" && after ? people.findIndex(({ id }) => id === after) + 1 : offset;
        const all = name === "clerk_list_users" ? people : members;
        const data = all.slice(first, first + Math.min(limit, 100));
        const has_more = first + data.length < all.length;
        return result({ data, has_more, ...(has_more && (name === "clerk_list_users" ? { next_cursor: data.at(-1).id } : { next_offset: first + data.length })) });
    };
    await stage.show({ document: documents.list, given: { organization_id: "org_1" }, result: pages({ name: "clerk_list_organization_members", arguments: {} }), call: pages });
    await stage.view.getByRole("button", { name: /Review their access/ }).click();
    await stage.view.getByText("1–50 of 450").waitFor();
    assert.deepEqual([stage.calls.length, stage.calls.at(-1).arguments.starting_after], [10, "user_399"]);
    const choice = stage.view.getByRole("combobox", { name: "Which" });
    assert.ok((await choice.innerText()).includes("Without a second factor (300)"), await choice.innerText());
    assert.ok(!(await stage.text()).includes("Not all of them"));
});

// The review of Acme's members, whatever it was begun from.
async function reviewed() {
    await stage.view.getByText("Members of Acme Robotics").first().waitFor();
    const table = stage.view.getByRole("table", { name: "Members of Acme Robotics" });
    assert.equal(await table.getByRole("row").count(), 17);
    const choice = stage.view.getByRole("combobox", { name: "Which" });
    const title = (await choice.getByRole("option").allInnerTexts()).find((option) => option.startsWith("Without a second factor"));
    await choice.selectOption({ label: title });
    const factors = await table.getByRole("row").filter({ hasText: "none" }).count();
    assert.equal(factors, Number(title.match(/\((\d+)\)/)[1]));
    assert.equal(await table.getByRole("row").count(), factors + 1);
    await choice.selectOption({ label: "Role Admin (2)" });
    assert.equal(await table.getByRole("row").count(), 3);
    stage.unharmed();
}
