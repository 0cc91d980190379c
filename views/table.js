// Tables. A column: {title, of: row → what is sorted, filtered and exported, shown: row → node}.

const cellText = (column, row) => {
  const value = column.of(row);
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

const cell = (column, row) => {
  if (column.of && cellText(column, row) === "") return el("span", { class: "quiet" }, "–");
  return column.shown ? column.shown(row) : valueOf(column.of(row));
};

// A table. `sort`: {by: title, down}, `press`: what a press on the title of a column does. Its caption is for who cannot see
// the heading above it.
function table(caption, columns, rows, sort = {}, press = undefined) {
  const head = columns.map((column) => {
    const isBy = sort.by === column.title;
    const order = isBy ? (sort.down ? "descending" : "ascending") : "none";
    const title = [column.title, isBy && el("span", { "aria-hidden": "true" }, sort.down ? " ▾" : " ▴")];
    return el("th", { scope: "col", "aria-sort": press && order },
      press ? el("button", { type: "button", click: () => press(column.title) }, title) : title);
  });
  const body = rows.map((row) => el("tr", {}, columns.map((column, place) => (
    place === 0 ? el("th", { scope: "row" }, cell(column, row)) : el("td", {}, cell(column, row))))));
  // What is wider than the view is scrolled, by keys too.
  return el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption },
    el("table", {}, el("caption", { class: "unseen" }, caption), el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
}

// Rows in the order of a column: numbers by value, texts as people sort them, nothing last.
function sorted(rows, column, down) {
  const texts = new Map(rows.map((row) => [row, cellText(column, row)]));
  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
  return [...rows].sort((left, right) => {
    const [a, b] = [texts.get(left), texts.get(right)];
    if (a === "" || b === "") return (a === "") - (b === "");
    return down ? compare(b, a) : compare(a, b);
  });
}

const filtered = (rows, columns, text) => {
  const wanted = text.trim().toLowerCase();
  return wanted ? rows.filter((row) => columns.some((column) => cellText(column, row).toLowerCase().includes(wanted))) : rows;
};

// A field of CSV (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe.
function csvField(text) {
  const safe = /^[\s\u0000]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

const csv = (columns, rows) => [
  columns.map((column) => csvField(column.title)).join(","),
  ...rows.map((row) => columns.map((column) => csvField(cellText(column, row))).join(",")),
].join("\r\n") + "\r\n";
