// The view of consent: what it says, and that nothing but a person's yes makes a call.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, read, Stage } from "./stage.mjs";

let stage, client, document;
before(async () => {
    stage = await Stage.open();
    client = await connect();
    ({ text: document } = await read(client, "ui://clerk/consent"));
});
after(async () => {
    await client.close();
    await stage.close();
});

const call = (params) => client.callTool(params);

async function someone(query) {
    const found = await call({ name: "clerk_find_user", arguments: { query } });
    return found.structuredContent.data[0].id;
}

async function consent(name, given, more = {}) {
    const result = await call({ name, arguments: given });
    const view = await stage.show({ document, given, result, call, ...more });
    return { result, view };
}

const ready = (view) => yes(view).and(view.locator(":enabled")).waitFor();
const yes = (view) => view.getByRole("button", { name: /^Yes/ });

test("the token is for the view and not for the model", async () => {
    const { result } = await consent("clerk_delete_user", { user_id: await someone("newcomer@mail.example") });
    const { confirmation_token: token, name } = result._meta["clerk-mcp/consent"];
    assert.ok(token.length > 40 && name.length > 0);
    const forModel = JSON.stringify([result.content, result.structuredContent]);
    assert.ok(!forModel.includes(token) && !forModel.includes("confirmation_token"), forModel);
    assert.match(result.structuredContent.next, /decides there/);
    stage.unharmed();
});

test("it says what happens, to whom, and that it cannot be undone, and asks for the name", async () => {
    const user_id = await someone("newcomer@mail.example");
    const { result, view } = await consent("clerk_delete_user", { user_id });
    const text = await stage.text();
    for (const wanted of ["Delete a user", "newcomer@mail.example", user_id, "This cannot be undone", "This is final"]) assert.ok(text.includes(wanted), wanted);
    assert.ok(text.indexOf("This cannot be undone") < text.indexOf("newcomer@mail.example"), text);
    const name = result._meta["clerk-mcp/consent"].name;
    await view.getByRole("textbox").fill(`  ${name} `);
    await ready(view);
    for (const other of ["", "somebody else", name.toUpperCase(), name.slice(1)]) {
        await view.getByRole("textbox").fill(other);
        assert.ok(await yes(view).isDisabled(), other);
        await view.getByRole("textbox").press("Enter");
    }
    await view.getByRole("textbox").fill(name);
    assert.deepEqual(stage.calls, []);
    await yes(view).click();
    await view.getByText("Done", { exact: true }).waitFor();
    assert.equal(stage.calls.length, 1);
    assert.equal(stage.calls[0].name, "clerk_delete_user");
    const gone = await call({ name: "clerk_get_user", arguments: { user_id } });
    assert.ok(gone.isError);
    assert.equal(stage.told.filter(([what]) => what === "context").length, 1);
    stage.unharmed();
});

test("it shows before and after side by side, and the changed part marked", async () => {
    const user_id = await someone("ada");
    const { view } = await consent("clerk_update_user", { user_id, first_name: "Adele", dry_run: true });
    const row = view.getByRole("row", { name: /first_name/ });
    assert.deepEqual(await row.getByRole("cell").allInnerTexts(), ["Ada", "Adele"]);
    assert.deepEqual(await row.locator("mark").allInnerTexts(), ["a", "ele"]);
    assert.match(await stage.text(), /It can be undone/);
    await yes(view).click();
    await view.getByText("Done", { exact: true }).waitFor();
    assert.deepEqual(stage.calls.map(({ arguments: given }) => given), [{ user_id, first_name: "Adele" }]);
    await view.getByRole("button", { name: "Take it back …" }).click();
    await yes(view).click();
    await view.getByText("Done", { exact: true }).waitFor();
    const back = await call({ name: "clerk_get_user", arguments: { user_id } });
    assert.equal(back.structuredContent.first_name, "Ada");
    stage.unharmed();
});

test("a change far behind in a long text is seen", async () => {
    const user_id = await someone("ada");
    const bio = (end) => ({ user_id, public_metadata: { bio: "x".repeat(2500) + end } });
    await call({ name: "clerk_update_user_metadata", arguments: bio("A") });
    const { view } = await consent("clerk_update_user_metadata", { ...bio("B"), dry_run: true });
    const row = view.getByRole("row", { name: /bio/ });
    assert.deepEqual(await row.locator("mark").allInnerTexts(), ["A", "B"]);
    assert.ok((await row.innerText()).length < 400);
});

test("whether it can be undone is not made up, and each text stands by itself", async () => {
    const user = { id: "user_1", first_name: "Ada", email_address: "\u05d0\u05d1@x.example", username: "ada" };
    const preview = { action: "Update a user", tool: "clerk_api_write", user, second_factors: { phone_numbers: [{ phone_number: "+15551230142", verified: true }] },
        changes: [{ path: "/password", before: "(not known)", after: "(secret, not shown)" }] };
    await stage.show({ document, result: { content: [], structuredContent: { preview } }, call });
    const text = await stage.text();
    assert.match(text, /It may be that it cannot be undone/);
    assert.ok(!/Nothing about it is final|without a name|\{/.test(text), text);
    assert.match(text, /Second factors[\s\S]*\+15551230142/);
    const alone = await stage.frame.evaluate(() => [...document.querySelectorAll(".who bdi")].map((text) => text.textContent));
    assert.deepEqual(alone, ["Ada", "\u05d0\u05d1@x.example", "ada", "user_1"]);
});

test("what was done in part is not called done", async () => {
    const steps = { done: [{ email_address: "a@x.example", role: "org:member" }], failed: [{ of: "b@x.example", code: "duplicate", message: "is invited already" }], not_tried: ["c@x.example"] };
    await stage.show({ document, result: { content: [], structuredContent: steps }, call });
    const text = await stage.text();
    for (const wanted of ["Done in part", "Failed: 1", "b@x.example · duplicate · is invited already", "Not tried: 1"]) assert.ok(text.includes(wanted), text);
    assert.ok(!text.includes("{"), text);
});

test("a no calls nothing, and is told", async () => {
    const { view } = await consent("clerk_delete_user", { user_id: await someone("ada") });
    await view.getByRole("button", { name: "No, leave it" }).click();
    await view.getByText("Nothing was changed").waitFor();
    assert.deepEqual(stage.calls, []);
    assert.match(JSON.stringify(stage.told), /declined clerk_delete_user/);
    stage.unharmed();
});

test("nothing can be agreed to before it can have been read", async () => {
    const { view } = await consent("clerk_update_user", { user_id: await someone("ada"), first_name: "Adele", dry_run: true });
    await ready(view);
    // Shown once more, and watched from there on.
    const waited = await stage.frame.evaluate(() => new Promise((resolve) => {
        const begun = performance.now();
        ask({ action: "Update a user", tool: "clerk_update_user" }, undefined, () => {}, () => {});
        const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent.startsWith("Yes"));
        if (!button.disabled) resolve(0);
        new MutationObserver(() => resolve(performance.now() - begun)).observe(button, { attributes: true });
    }));
    assert.ok(waited > 900, String(waited));
    assert.deepEqual(stage.calls, []);
});

test("keys are enough", async () => {
    const { result, view } = await consent("clerk_delete_user", { user_id: await someone("quinn@mail.example") });
    const { keyboard } = stage.page;
    const focused = () => stage.frame.evaluate(() => document.activeElement.id || document.activeElement.textContent);
    for (let presses = 0; presses < 10 && await focused() !== "typed"; presses += 1) await keyboard.press("Tab");
    await keyboard.type(result._meta["clerk-mcp/consent"].name);
    await ready(view);
    await keyboard.press("Tab");
    assert.equal(await focused(), "No, leave it");
    await keyboard.press("Tab");
    assert.equal(await focused(), "Yes: Delete a user");
    await keyboard.press("Enter");
    await view.getByText("Done", { exact: true }).waitFor();
    assert.equal(stage.calls.length, 1);
    assert.equal(await stage.frame.evaluate(() => document.activeElement.id), "main");
});

test("what has changed meanwhile is shown again and not done", async () => {
    const user_id = await someone("kofi@papaya.example");
    // The call asks, with a preview that is another than the one that was agreed to.
    const asks = ({ arguments: given }) => ({
        content: [], structuredContent: { preview: { action: "Ban a user", tool: "clerk_ban_user", user: { id: user_id, name: "Somebody else" } } },
        _meta: { "clerk-mcp/consent": { confirmation_token: given.confirmation_token ? "again" : "token" } },
    });
    await stage.show({ document, given: { user_id, dry_run: true }, result: await call({ name: "clerk_ban_user", arguments: { user_id, dry_run: true } }), call: asks });
    await yes(stage.view).click();
    await stage.view.getByText("Somebody else").first().waitFor();
    assert.deepEqual(stage.calls.map(({ arguments: args }) => args), [{ user_id }]);
});

test("the same preview is agreed to once", async () => {
    const user_id = await someone("gunnar@sorland.example");
    const given = { user_id };
    const result = await call({ name: "clerk_ban_user", arguments: { ...given, dry_run: true } });
    const { preview } = result.structuredContent;
    const answers = [{ content: [], structuredContent: { preview }, _meta: { "clerk-mcp/consent": { confirmation_token: "token" } } }, { content: [], structuredContent: { id: user_id, changes: [] } }];
    await stage.show({ document, given, result, call: () => answers.shift() });
    await yes(stage.view).click();
    await stage.view.getByText("Done", { exact: true }).waitFor();
    assert.deepEqual(stage.calls.map(({ arguments: args }) => args.confirmation_token), [undefined, "token"]);
});

test("without the token from its client a view says so, and nothing is done", async () => {
    const user_id = await someone("ada");
    const asked = await call({ name: "clerk_delete_user", arguments: { user_id } });
    const stripped = ({ _meta, ...rest }) => rest;
    await stage.show({ document, given: { user_id }, result: stripped(asked), call: async (params) => stripped(await call(params)) });
    await yes(stage.view).click();
    await stage.view.getByText("This client keeps from its views").waitFor();
    assert.ok(!(await call({ name: "clerk_get_user", arguments: { user_id } })).isError);
});

test("where a view cannot call, the person's words lead the assistant", async () => {
    const { result, view } = await consent("clerk_delete_user", { user_id: await someone("ada") }, { capabilities: { message: { text: {} } } });
    const { name, confirmation_token: token } = result._meta["clerk-mcp/consent"];
    await view.getByRole("textbox").fill(name);
    assert.deepEqual(stage.told, []);
    await yes(view).click();
    await view.getByText("Told the assistant.").waitFor();
    assert.deepEqual(stage.calls, []);
    assert.ok(JSON.stringify(stage.told).includes(token));
});

// The questions of a client that has views ask, in the older era and in the newer.
for (const era of ["legacy", "auto"]) {
    test(`a view answers the standard question, ${era}`, async () => {
        const questions = [];
        let answered;
        const asking = await connect({ era, capabilities: { elicitation: { form: {} } }, views: { mimeTypes: ["text/html;profile=mcp-app"], elicitation: {} }, answer: async ({ params }) => {
            questions.push(params);
            await stage.show({ document, call });
            const answer = stage.page.evaluate((question) => window.elicit(question), params);
            await answered(stage.view);
            return answer;
        } });
        assert.deepEqual(asking.getServerCapabilities().extensions["io.modelcontextprotocol/ui"], { elicitation: {} });
        const { structuredContent: { data: [{ id: user_id }] } } = await asking.callTool({ name: "clerk_find_user", arguments: { query: "newcomer@mail.example" } });
        const remove = () => asking.callTool({ name: "clerk_delete_user", arguments: { user_id } });
        answered = (view) => view.getByRole("button", { name: "No, leave it" }).click({ delay: 1100 });
        assert.match((await remove()).content[0].text, /declined/);
        answered = async (view) => {
            await view.getByRole("textbox").fill(questions.at(-1)._meta["clerk-mcp/consent"].name);
            await yes(view).click();
        };
        const done = await remove();
        assert.equal(done.structuredContent?.deleted, true, JSON.stringify(done));
        assert.equal(questions[0]._meta.ui.resourceUri, "ui://clerk/consent");
        assert.match(questions[0].message, /Delete/);
        stage.unharmed();
        await asking.close();
    });
}
