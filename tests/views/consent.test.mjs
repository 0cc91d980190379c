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
    await stage.page.waitForTimeout(1300);
    assert.ok(await yes(view).isDisabled());
    await view.getByRole("textbox").fill("somebody else");
    assert.ok(await yes(view).isDisabled());
    await view.getByRole("textbox").fill(`  ${result._meta["clerk-mcp/consent"].name} `);
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

test("a no calls nothing, and is told", async () => {
    const { view } = await consent("clerk_delete_user", { user_id: await someone("ada") });
    await view.getByRole("button", { name: "No, leave it" }).click();
    await view.getByText("Nothing was changed").waitFor();
    assert.deepEqual(stage.calls, []);
    assert.match(JSON.stringify(stage.told), /declined clerk_delete_user/);
    stage.unharmed();
});
