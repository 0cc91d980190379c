// The audit log as a time line, the latest call first, and what verification found.

const CALLS = 50;
const REFUSED = new Set(["declined", "cancelled", "declined unseen", "no choice", "cannot ask", "no answer", "denied", "invalid", "invalid token", "invalid state"]);

const { head, rows } = JSON.parse(document.getElementById("log").textContent);
const calls = rows.reverse();

const by = ({ kind, subject, client }) => [kind, subject, client && `(${client})`].filter(Boolean).join(" ");

function verification({ fault, lines, first, last, head: hash, pending }) {
  if (fault) return box("bad", "The log is not as it was written", theirs(fault), el("div", {}, "What follows that line is shown as it is found."));
  if (lines === 0) return box("note", "The log is empty", null);
  return box("good", "The log is as it was written", facts([["Lines", lines], ["First", first], ["Last", last], ["Hash of the last line", hash]]),
    pending && el("p", {}, pending),
    el("p", { class: "small" }, "Who has noted down a hash elsewhere finds a cut at the end by clerk-mcp audit verify --head."));
}

function changed({ before, after }) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  if (names.length === 0) return null;
  const columns = [
    { title: "Field", of: (name) => name }, { title: "Before", shown: (name) => valueOf(before?.[name]) }, { title: "After", shown: (name) => valueOf(after?.[name]) },
  ];
  return el("details", {}, el("summary", {}, `${names.length} changed`), table("Changes", columns, names));
}

function entry(call) {
  if (call.flaw) return el("li", { class: "bad-point" }, el("strong", {}, `Line ${call.line} cannot be read, or was changed after it was written`));
  const { time, principal = {}, instance = {}, tool, operation, danger, decision, outcome, message, ids = [] } = call;
  const isBad = outcome === "error" || outcome === "in part" || outcome === "broken off" || outcome === "begun";
  return el("li", { class: isBad || danger === "irreversible" || danger === "critical" ? "bad-point" : "" },
    el("strong", {}, theirs(tool), operation && [" ", theirs(operation)]), " ", tag(decision, REFUSED.has(decision) ? "bad" : ""), " ", tag(outcome, isBad ? "bad" : outcome === "ok" ? "good" : ""), " ", danger && tag(danger),
    el("div", {}, when(time), " · ", theirs(by(principal)), " · ", theirs([instance.kind, instance.fingerprint].filter(Boolean).join(" "))),
    ids.length > 0 && el("div", { class: "id" }, theirs(ids.join(" "))),
    message && el("div", {}, theirs(message)),
    changed(call));
}

let page = 0;
let found = calls;
const place = el("div");
const count = el("span", { class: "quiet", role: "status" });
const turn = (pages) => () => { page += pages; draw(); };
const back = button("Later", turn(-1));
const on = button("Earlier", turn(1));

function draw() {
  const first = page * CALLS;
  const part = found.slice(first, first + CALLS);
  place.replaceChildren(part.length > 0 ? el("ol", { class: "timeline" }, part.map(entry)) : el("p", { class: "quiet" }, "Nothing fits."));
  count.textContent = part.length > 0 ? `${first + 1}–${first + part.length} of ${found.length}` : "";
  back.disabled = page === 0;
  on.disabled = first + CALLS >= found.length;
}

const texts = new Map(calls.map((call) => [call, JSON.stringify(call).toLowerCase()]));
const filter = el("input", { type: "search", "aria-label": "Filter", placeholder: "Filter", input: ({ target }) => {
  const wanted = target.value.trim().toLowerCase();
  found = calls.filter((call) => texts.get(call).includes(wanted));
  page = 0;
  draw();
} });

show(el("h1", {}, "Audit log ", theirs(head.file)), verification(head.verification),
  head.skipped > 0 && el("p", { class: "quiet" }, `${head.skipped} earlier calls are left out (--last).`),
  calls.length > 0 && [el("div", { class: "row" }, filter, back, on, count), place]);
draw();
