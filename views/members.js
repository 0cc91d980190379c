// The members of an organization by role, without a second factor, and not seen for 90 days.

const DAY = 24 * 60 * 60 * 1000;
const UNSEEN_DAYS = 90;

// The arguments for the next page of a list; none where there is no other.
function next(given, answer) {
  if (!answer.has_more) return undefined;
  if (answer.next_cursor) return { ...given, offset: undefined, starting_after: answer.next_cursor };
  return answer.next_offset === undefined ? undefined : { ...given, offset: answer.next_offset };
}

// All pages of a list, at most so many calls. Tells whether that is all.
async function everything(tool, given) {
  const rows = [];
  let asked = { ...given, limit: 200 };
  for (let calls = 0; calls < 20; calls += 1) {
    const result = await host.call(tool, asked);
    if (result.isError) throw new Error(parsed(result)?.message ?? "the tool failed");
    const page = structured(result);
    rows.push(...page.data);
    say(`Loading … ${rows.length}`);
    asked = next(asked, page);
    if (!asked) return { rows, isAll: !page.has_more };
  }
  return { rows, isAll: false };
}

const isUnseen = ({ seen }) => !seen || Date.now() - Date.parse(seen) > UNSEEN_DAYS * DAY;

// Members with what is known of them as users.
function joined(members, users) {
  const byId = new Map(users.map((user) => [user.id, user]));
  return members.map(({ public_user_data: person, role, role_name: name, created_at }) => {
    const user = byId.get(person.user_id);
    const seen = user?.last_active_at ?? user?.last_sign_in_at;
    return { ...person, name: nameOf(person), role: name ?? role, created_at, seen, isKnown: Boolean(user), two_factor_enabled: user?.two_factor_enabled, locked: user?.locked };
  });
}

// The members of an organization with what is known of them as users: two lists, loaded without the model.
async function membersOf(organization) {
  const members = await everything("clerk_list_organization_members", { organization_id: organization.id });
  const users = await everything("clerk_list_users", { organization_id: [organization.id] });
  const [rows, isAll] = [joined(members.rows, users.rows), members.isAll && users.isAll];
  say(`${rows.length} members.`);
  const roles = [...new Set(rows.map(({ role }) => role))].sort();
  const columns = [
    field("Name", "name"), field("Address", "identifier"), field("Role", "role"), factor,
    column("Last seen", ({ seen, isKnown }) => seen ?? (isKnown ? "never" : undefined), (row) => (row.seen ? day(row.seen) : row.isKnown ? tag("never", "bad") : valueOf())),
    state, date("Since", "created_at"), id("Id", (row) => row.user_id),
  ];
  const only = [
    { title: "Without a second factor", holds: ({ two_factor_enabled: has }) => has === false },
    { title: `Not seen for ${UNSEEN_DAYS} days`, holds: (row) => row.isKnown && isUnseen(row) },
    ...roles.map((role) => ({ title: `Role ${role}`, holds: (row) => row.role === role })),
  ];
  const numbers = only.map(({ title, holds }) => el("div", {}, el("b", {}, String(rows.filter(holds).length)), theirs(title)));
  return [
    el("h2", {}, "Members of ", theirs(organization.name)),
    !isAll && box("note", "Not all of them", "There are more than were loaded."),
    el("div", { class: "numbers" }, numbers),
    grid({ caption: `Members of ${organization.name}`, columns, rows, only, file: "access-review.csv" }),
  ].filter(Boolean);
}

