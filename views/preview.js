// The preview of a write: what happens, to whom, what stays, and what changes.

// How much is shown beside a difference of what two long texts have in common.
const NEAR = 100;

// What both texts have in common is left out of the mark.
function marked(text, other) {
  const [mine, its] = [[...text], [...other]];
  let start = 0;
  while (start < mine.length && start < its.length && mine[start] === its[start]) start += 1;
  let end = 0;
  while (end < mine.length - start && end < its.length - start && mine.at(-1 - end) === its.at(-1 - end)) end += 1;
  const middle = mine.slice(start, mine.length - end).join("");
  const [first, last] = [mine.slice(0, start).join(""), mine.slice(mine.length - end).join("")];
  return el("bdi", {}, first.length > 2 * NEAR ? `… ${first.slice(-NEAR)}` : first, middle && el("mark", {}, shortened(middle, 2000)),
    end > 0 && (last.length > 2 * NEAR ? `${last.slice(0, NEAR)} …` : last));
}

const words = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

function side(kind, mine, other) {
  if (mine === undefined || mine === null || mine === "") return valueOf(undefined);
  const compares = other !== undefined && other !== null && words(mine).length + words(other).length < 40000;
  return el(kind, {}, compares ? marked(words(mine), words(other)) : el("mark", {}, valueOf(mine)));
}

function changesOf({ changes, more_changes: more }) {
  if (!Array.isArray(changes)) return null;
  if (changes.length === 0) return box("note", "Nothing changes", "What is asked for is there already.");
  const columns = [
    { title: "Field", shown: ({ path }) => theirs(String(path).replace(/^\//, "")) },
    { title: "Now", shown: (change) => side("del", change.before, change.after) },
    { title: "Afterwards", shown: (change) => (change.note ? theirs(change.note) : side("ins", change.after, change.before)) },
  ];
  const caption = `${changes.length + (more ?? 0)} change${changes.length + (more ?? 0) === 1 ? "" : "s"}`;
  return [el("h2", {}, caption), table(caption, columns, changes), more > 0 && el("p", { class: "quiet" }, `… and ${more} more, which the answer names.`)];
}

// Whether it can be undone, in every case.
function lasting(preview, isFinal) {
  const back = preview.undo && ["It can be taken back by ", el("code", {}, preview.undo.tool), "."];
  if (preview.cannot_be_undone) {
    return box("bad", isFinal ? "This is final" : "What cannot be undone",
      el("div", {}, theirs(preview.cannot_be_undone)), back && el("div", {}, "The rest: ", back[1], " takes it back."));
  }
  if (back) return box("good", "It can be undone", back);
  return box("note", "It may be that it cannot be undone", "No call that takes it back is known beforehand.");
}

const TOLD = new Set(["summary", "action", "tool", "changes", "more_changes", "cannot_be_undone", "undo", "untrusted_text",
  "not_looked_at", "arguments", "about", "operation"]);

const NAMED = new Set(["id", "user_id", "name", "first_name", "last_name", "email_address", "identifier", "username", "slug"]);

const facing = (preview) => Object.entries(preview).filter(([name]) => !TOLD.has(name));

const isNamed = (thing) => nameOf(thing) || addressOf(thing) || thing.username || thing.id || thing.user_id;

// The objects that it is about.
const subjects = (preview) => facing(preview).filter(([, value]) => isThing(value) && isNamed(value)).map(([name, thing]) =>
  el("section", { "aria-label": inWords(name) }, who(thing, el("div", { class: "quiet small" }, inWords(name)))));

// What else the preview tells of them.
function details(preview) {
  const told = facing(preview);
  const things = told.filter(([, value]) => isThing(value));
  const lists = told.filter(([, value]) => Array.isArray(value) && value.length > 0);
  const rest = told.filter(([, value]) => !isThing(value) && !Array.isArray(value));
  const ofThing = (thing) => facts(Object.entries(thing).filter(([name, value]) => !(NAMED.has(name) && isNamed(thing)) && value !== false));
  const section = (name, content) => content && el("section", {}, el("h2", {}, inWords(name)), content);
  return [
    facts(rest),
    things.map(([name, thing]) => section(name, ofThing(thing))),
    lists.map(([name, list]) => section(name, valueOf(list))),
  ];
}

// A preview without buttons. `isFinal`: what goes is gone for good.
function previewOf(preview, isFinal) {
  return [
    el("h1", {}, theirs(preview.action ?? "Write"), preview.operation && [" ", el("code", {}, preview.operation)]),
    lasting(preview, isFinal),
    subjects(preview),
    preview.not_looked_at && box("bad", "It could not be looked at", theirs(preview.not_looked_at)),
    preview.about && facts(Object.entries(preview.about)),
    preview.arguments && [el("h2", {}, "With"), facts(Object.entries(preview.arguments))],
    changesOf(preview),
    details(preview),
  ];
}
