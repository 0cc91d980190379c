// Takes the documentation's pictures of the views: `node pictures.mjs DIRECTORY`.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call as callOf, start } from "./server.mjs";
import { connect, read, run, Stage } from "./stage.mjs";

const directory = process.argv[2];
mkdirSync(directory, { recursive: true });
const stage = await Stage.open();
const client = await connect();
const call = (params) => client.callTool(params);
const find = async (query) => (await call({ name: "clerk_find_user", arguments: { query } })).structuredContent.data[0].id;

async function picture(file, view, name, given, { before, most = 1000, ...more } = {}) {
    const { text: document } = await read(client, `ui://clerk/${view}`);
    await stage.show({ document, given, result: await call({ name, arguments: given }), call, width: 760, ...more });
    await before?.(stage.view);
    // What lies outside of the window is not drawn.
    const frame = stage.page.locator("iframe");
    const { width, height } = await frame.boundingBox();
    await stage.page.setViewportSize({ width, height: Math.ceil(height) });
    const clip = { x: 0, y: 0, width, height: Math.min(height, most) };
    await stage.page.screenshot({ path: join(directory, `${file}.png`), scale: "css", clip });
    stage.unharmed();
    console.log(file);
}

const ada = await find("ada");
await picture("consent", "consent", "clerk_delete_user", { user_id: ada });
await picture("consent-dark", "consent", "clerk_update_user", { user_id: ada, first_name: "Adele", external_id: "crm-1002", dry_run: true }, { theme: "dark" });

await picture("person", "person", "clerk_get_user_access_report", { user_id: ada });
await picture("list", "list", "clerk_list_users", { limit: 8 }, { width: 1000 });
await picture("review", "review", "clerk_security_review", {}, {
    width: 1000,
    before: async (view) => {
        await view.getByRole("button", { name: /Review the members/ }).click();
        await view.getByRole("combobox", { name: "Organization" }).selectOption({ label: "Acme Robotics (acme)" });
        await view.getByRole("button", { name: "Show its members" }).click();
        await view.getByText("Members of Acme Robotics").first().waitFor();
    },
});

await client.close();

const folder = mkdtempSync(join(tmpdir(), "audit-"));
const log = join(folder, "audit.jsonl");
const recorded = await connect({ options: ["--audit", log] });
const write = (name, given) => recorded.callTool({ name, arguments: given });
await write("clerk_update_user", { user_id: ada, first_name: "Adele" });
await write("clerk_lock_user", { user_id: ada });
await write("clerk_delete_user", { user_id: ada });
await recorded.close();
await stage.open(run("audit", "show", "--html", log), { width: 860 });
const { height } = await stage.page.locator("body").boundingBox();
await stage.page.screenshot({ path: join(directory, "audit.png"), scale: "css", clip: { x: 0, y: 0, width: 860, height } });

const { origin, end } = await start({ options: ["--audit", join(folder, "page.jsonl")] });
const inspector = (name, given) => callOf(origin, name, given, "inspector");
for (let times = 0; times < 4; times += 1) await inspector("clerk_list_users", { limit: 2 });
await inspector("clerk_create_organization", { name: "<b>" });
await inspector("clerk_lock_user", { user_id: ada });
await inspector("clerk_delete_user", { user_id: ada });
const page = await stage.turn(1000, "light");
await page.goto(origin);
await page.screenshot({ path: join(directory, "page.png"), scale: "css" });
await stage.close();
end();
rmSync(folder, { recursive: true });
