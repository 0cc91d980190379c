// A table with a filter, an order, pages and an export. `more`: gets further rows, and gives whether there are others still;
// `only`: named choices, each with what holds for its rows.

const ROWS = 50;

function grid({ caption, columns, rows, file, more, only = [] }) {
  const state = { text: "", sort: {}, page: 0, holds: () => true };
  const place = el("div");
  const count = el("span", { class: "quiet", role: "status" });
  const held = () => columns.filter((column) => rows.some((row) => cellText(column, row) !== ""));

  const found = (shown) => {
    const left = filtered(rows.filter(state.holds), shown, state.text);
    const by = shown.find(({ title }) => title === state.sort.by);
    return by ? sorted(left, by, state.sort.down) : left;
  };

  const press = (title) => {
    state.sort = { by: title, down: state.sort.by === title && !state.sort.down };
    draw();
    [...place.querySelectorAll("th button")].find((head) => head.textContent.startsWith(title))?.focus();
  };

  const draw = () => {
    const shown = held();
    const all = found(shown);
    state.page = Math.max(0, Math.min(state.page, Math.ceil(all.length / ROWS) - 1));
    const first = state.page * ROWS;
    const page = all.slice(first, first + ROWS);
    place.replaceChildren(page.length > 0 ? table(caption, shown, page, state.sort, press)
      : el("p", { class: "quiet" }, rows.length > 0 ? "Nothing that is loaded fits." : "There is nothing."));
    const known = all.length === rows.length ? `${rows.length}` : `${all.length} (of ${rows.length})`;
    count.textContent = page.length > 0 ? `${first + 1}–${first + page.length} of ${known}${more ? " loaded, and there are more" : ""}` : "";
    back.disabled = state.page === 0;
    on.disabled = first + ROWS >= all.length;
    for (const control of [back, on]) control.hidden = all.length <= ROWS;
    for (const control of [load, whole]) control.hidden = !more;
    save.hidden = all.length === 0;
  };

  const turn = (pages) => () => { state.page += pages; draw(); };
  const back = button("Previous", turn(-1));
  const on = button("Next", turn(1));

  const fetch = async (most) => {
    for (const control of [load, whole]) control.disabled = true;
    try {
      for (let calls = 0; calls < most && more; calls += 1) {
        say("Loading …");
        if (!(await more(rows))) more = undefined;
      }
      say("");
    } catch (error) {
      say(`It could not be loaded: ${error.message}`);
    }
    for (const control of [load, whole]) control.disabled = false;
    draw();
  };
  const load = button("Load more", () => fetch(1));
  const whole = button("Load all", () => fetch(20));

  const save = button("Export CSV", async () => {
    const shown = held();
    const text = csv(shown, found(shown));
    if (await host.save(file, "text/csv", text).catch(() => false)) return say(`${file} is saved.`);
    copy.hidden = false;
    copy.value = text;
    copy.focus();
    copy.select();
    say("This client saves no files: copy the text.");
  });
  const copy = el("textarea", { readonly: true, "aria-label": "The rows as CSV", hidden: true });

  const filter = el("input", { type: "search", "aria-label": "Filter", placeholder: "Filter", input: ({ target }) => {
    state.text = target.value;
    state.page = 0;
    draw();
  } });
  const choice = only.length > 0 && el("select", { "aria-label": "Which", change: ({ target }) => {
    state.holds = only[target.value]?.holds ?? (() => true);
    state.page = 0;
    draw();
  } }, el("option", { value: "" }, "All"), only.map(({ title, holds }, place) =>
    el("option", { value: String(place) }, `${title} (${rows.filter(holds).length})`)));

  draw();
  return el("div", { class: "grid" }, el("div", { class: "row" }, filter, choice, save), place,
    el("div", { class: "row" }, back, on, load, whole, count), copy);
}
