// A review of access: what deserves attention in the instance, and the members of an organization.

const TOOLS = ["clerk_list_organizations", "clerk_list_organization_members", "clerk_list_users"];

const FINDINGS = [
  ["administrators_without_second_factor", "Administrators without a second factor"],
  ["banned_members", "Banned users who are still members"],
  ["locks_without_end", "Locks that never end"],
  ["pending_organization_invitations", "Pending invitations to organizations"],
  ["pending_app_invitations", "Pending invitations to the application"],
];

function finding(title, page) {
  const kind = kindOf(page.data);
  return page.data.length > 0 && [el("h2", {}, title),
    page.has_more && el("p", { class: "quiet" }, `${page.data.length} of ${page.total_count} are shown.`),
    grid({ caption: title, columns: kind.columns, rows: page.data, file: `${kind.name}.csv` })];
}

// The part that asks which organization, and shows its members.
function chooser() {
  if (!TOOLS.every((tool) => allowed.has(tool)) || !host.can("serverTools")) return null;
  const place = el("div");
  const failed = (error) => place.replaceChildren(box("bad", "It could not be loaded", theirs(error.message)));
  const open = async (organization) => {
    try {
      place.replaceChildren(...(await membersOf(organization)));
    } catch (error) {
      failed(error);
    }
  };
  const start = button("Review the members of an organization …", async () => {
    try {
      const { rows, isAll } = await everything("clerk_list_organizations", { order_by: "name" });
      say("");
      const choice = el("select", { id: "organization" }, rows.map(({ name, slug }, place) => el("option", { value: String(place) }, `${name}${slug ? ` (${slug})` : ""}`)));
      start.replaceWith(el("div", { class: "row" }, el("label", { for: "organization" }, "Organization", !isAll && " (not all of them)"), choice,
        button("Show its members", () => open(rows[Number(choice.value)]), "act")));
      choice.focus();
    } catch (error) {
      failed(error);
    }
  });
  return [el("h2", {}, "Members by role, second factor and last visit"), el("div", { class: "row" }, start), place];
}

host.on("ui/notifications/tool-result", (result) => {
  const review = structured(result);
  if (result.isError || !review.looked_at) return show(problem(result));
  const found = FINDINGS.filter(([name]) => review[name]);
  const looked = [field("List", "list"), field("Looked through", "count"), field("There are", "total_count"), column("All of it", ({ has_more: more }) => !more)];
  show(
    el("h1", {}, "Access review"),
    el("div", { class: "numbers" }, found.map(([name, title]) => el("div", {}, el("b", {}, String(review[name].total_count ?? review[name].data.length)), title))),
    found.map(([name, title]) => finding(title, review[name])),
    chooser(),
    (review.failed ?? []).map((part) => box("note", "A part could not be had", valueOf(part))),
    el("h2", {}, "What was looked at"), table("Lists", looked, review.looked_at.map((row) => ({ ...row, list: inWords(row.list) }))),
    el("p", { class: "quiet" }, "Not looked at: ", theirs(review.not_looked_at ?? "")),
  );
  say("");
});

host.connect();
