// A list: users, members, invitations and what else comes in pages. Further pages are got by the same tool, without the model.

let given = {};
host.on("ui/notifications/tool-input", (params) => { given = params.arguments ?? {}; });

const isPage = (answer) => Array.isArray(answer.data);

host.on("ui/notifications/tool-result", (result) => {
  let answer = structured(result);
  if (result.isError || !isPage(answer)) return show(problem(result));
  const kind = kindOf(answer.data);
  const tool = host.here.context.toolInfo?.tool?.name ?? kind.tool(answer.data[0]);
  const more = async (rows) => {
    const further = await host.call(tool, next(given, answer));
    if (further.isError) throw new Error(parsed(further)?.message ?? "the tool failed");
    answer = structured(further);
    rows.push(...answer.data);
    return Boolean(next(given, answer));
  };
  const canLoad = next(given, answer) && tool && host.can("serverTools");
  const total = answer.total_count;
  const title = `${total ?? answer.data.length} ${kind.name}${total === undefined && answer.has_more ? " and more" : ""}`;
  show(el("h1", {}, title), kind.name === "members" && reviewing(answer.data[0].organization), grid({ caption: inWords(kind.name), columns: kind.columns, rows: [...answer.data], file: `${kind.name}.csv`, more: canLoad ? more : undefined }),
    answer.has_more && !canLoad && el("p", { class: "quiet" }, "There are more, which this client cannot load from here."));
  say("");
});

// Members can be reviewed as users.
function reviewing(organization) {
  if (!organization || !allowed.has("clerk_list_users") || !host.can("serverTools")) return null;
  return el("div", { class: "row" }, button("Review their access: second factor, last visit", async () => {
    try {
      show(...(await membersOf(organization)));
    } catch (error) {
      say(`It could not be loaded: ${error.message}`);
    }
  }));
}

host.connect();
