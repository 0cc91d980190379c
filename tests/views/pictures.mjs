// Takes the documentation's pictures of the views: `node pictures.mjs DIRECTORY`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connect, read, Stage } from "./stage.mjs";

const directory = process.argv[2];
mkdirSync(directory, { recursive: true });
const stage = await Stage.open();
const client = await connect();
const call = (params) => client.callTool(params);
const find = async (query) => (await call({ name: "clerk_find_user", arguments: { query } })).structuredContent.data[0].id;

async function picture(file, view, name, given, { before, ...more } = {}) {
    const { text: document } = await read(client, `ui://clerk/${view}`);
    await stage.show({ document, given, result: await call({ name, arguments: given }), call, width: 760, ...more });
    await before?.(stage.view);
    await stage.page.locator("iframe").screenshot({ path: join(directory, `${file}.png`), scale: "css" });
    stage.unharmed();
    console.log(file);
}

const ada = await find("ada");
await picture("consent", "consent", "clerk_delete_user", { user_id: ada });
await picture("consent-dark", "consent", "clerk_update_user", { user_id: ada, first_name: "Adele", external_id: "crm-1002", dry_run: true }, { theme: "dark" });

await client.close();
await stage.close();
