// The columns of what the list tools give, by the kind of their rows.

const column = (title, of, shown) => ({ title, of, shown });
const field = (title, name) => column(title, (row) => row[name]);
const id = (title, of) => column(title, of, (row) => el("span", { class: "id" }, theirs(of(row))));
const date = (title, name) => column(title, (row) => row[name], (row) => (row[name] ? day(row[name]) : valueOf()));

const standing = ({ banned, locked, deprovisioned }) =>
  [banned && "banned", locked && "locked", deprovisioned && "deprovisioned"].filter(Boolean).join(", ");
const tags = (text) => (text ? el("span", {}, text.split(", ").map((word) => tag(word, "bad"))) : el("span", { class: "quiet" }, "–"));
const state = column("State", standing, (row) => tags(standing(row)));

const factor = column("Second factor", ({ two_factor_enabled: has }) => (has === undefined ? undefined : has ? "yes" : "no"),
  ({ two_factor_enabled: has }) => (has === undefined ? valueOf() : has ? tag("yes", "good") : tag("none", "bad")));

const device = ({ browser_name: browser, device_type: type }) => [browser, type].filter(Boolean).join(" on ");
const place = ({ city, country }) => [city, country].filter(Boolean).join(", ");

const KINDS = [
  {
    name: "members", tool: () => "clerk_list_organization_members", fits: ({ public_user_data: person }) => person,
    columns: [
      column("Name", ({ public_user_data: person }) => nameOf(person)), column("Address", ({ public_user_data: person }) => person.identifier),
      column("Role", ({ role_name: name, role }) => name ?? role), column("State", (row) => standing(row.public_user_data), (row) => tags(standing(row.public_user_data))),
      date("Since", "created_at"), column("Organization", ({ organization }) => organization?.name), id("Id", ({ public_user_data: person }) => person.user_id),
    ],
  },
  {
    name: "users", tool: () => "clerk_list_users", fits: ({ id }) => String(id).startsWith("user_"),
    columns: [
      column("Name", nameOf), column("Address", addressOf), field("Username", "username"), state, factor,
      date("Created", "created_at"), date("Last sign-in", "last_sign_in_at"), date("Last active", "last_active_at"), field("External id", "external_id"), id("Id", (row) => row.id),
    ],
  },
  {
    name: "sessions", tool: () => "clerk_list_sessions", fits: ({ id }) => String(id).startsWith("sess_"),
    columns: [
      column("Device", ({ latest_activity: seen = {} }) => device(seen)), column("Place", ({ latest_activity: seen = {} }) => place(seen)),
      field("Status", "status"), column("Impersonated by", ({ actor }) => actor?.sub), date("Begun", "created_at"), date("Last used", "last_active_at"), id("Id", (row) => row.id),
    ],
  },
  {
    name: "organizations", tool: () => "clerk_list_organizations", fits: ({ id }) => String(id).startsWith("org_"),
    columns: [
      field("Name", "name"), field("Slug", "slug"), field("Members", "members_count"), field("Pending invitations", "pending_invitations_count"),
      date("Created", "created_at"), id("Id", (row) => row.id),
    ],
  },
  {
    name: "invitations", fits: ({ email_address: address }) => address !== undefined,
    tool: ({ organization_id: of }) => (of ? "clerk_list_organization_invitations" : "clerk_list_invitations"),
    columns: [
      field("Address", "email_address"), column("Role", ({ role_name: name, role }) => name ?? role), field("Status", "status"),
      date("Since", "created_at"), date("Expires", "expires_at"), id("Organization", (row) => row.organization_id), id("Id", (row) => row.id),
    ],
  },
];

// The kind of some rows. Of others, each plain field is a column.
function kindOf(rows) {
  const kind = rows.length > 0 && KINDS.find(({ fits }) => rows.every(fits));
  if (kind) return kind;
  const names = new Set(rows.slice(0, 50).flatMap((row) => Object.keys(row).filter((name) => typeof row[name] !== "object")));
  return { name: "rows", tool: () => undefined, columns: [...names].map((name) => field(inWords(name), name)) };
}
