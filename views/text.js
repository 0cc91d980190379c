// Makes elements of texts. Whatever comes from outside is text, never markup.

// What nobody sees or what reorders text. Joiners and style selectors belong to emoji, marks and some scripts.
const HIDDEN = new RegExp(
  "(?<![\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\p{M}\\p{sc=Arab}\\p{sc=Deva}])[\\u200c\\u200d\\ufe0e\\ufe0f]" +
  "|[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f" +
  "\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\ufff0-\\ufffb" +
  "\\u{e0000}-\\u{e0fff}\\p{Co}\\p{Cs}]" +
  // More marks on a letter than any script has: they would be drawn over what stands around it.
  "|(?<=\\p{M}{4})\\p{M}+", "gu");

const codePoint = (letter) => `U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

// A text as nodes: each hidden character is a visible mark.
function nodesOf(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: letter, index } of text.matchAll(HIDDEN)) {
    nodes.push(text.slice(end, index));
    const mark = document.createElement("span");
    mark.className = "hidden-character";
    mark.textContent = codePoint(letter) + ([...letter].length > 1 ? ` ×${[...letter].length}` : "");
    nodes.push(mark);
    end = index + letter.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

// An element. Children are nodes, texts, and lists of these; nothing stands for null and false.
function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(9)) {
    if (child instanceof Node) element.append(child);
    else if (child !== undefined && child !== null && child !== false) element.append(...nodesOf(String(child)));
  }
  return element;
}

// A text that somebody outside has written: it cannot reorder what stands beside it.
const theirs = (text) => el("bdi", {}, shortened(String(text), 2000));

const shortened = (text, most) => (text.length > most ? `${text.slice(0, most)} … (${text.length - most} more characters)` : text);

// Texts that several have written, each by itself, as those in one direction would reorder those in another.
const dotted = (texts) => texts.filter((text) => text !== undefined && text !== null && text !== "").map((text, place) => [place > 0 && " · ", theirs(text)]);

const isThing = (value) => value && typeof value === "object" && !Array.isArray(value);

// A name of a field in words: `last_sign_in_at` is "Last sign in at".
const inWords = (name) => String(name).replaceAll("_", " ").replace(/^./u, (letter) => letter.toUpperCase());

const isTime = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value));

function inTime(value, options) {
  const { locale, timeZone } = host.here.context;
  const format = (...settings) => new Intl.DateTimeFormat(...settings).format(new Date(value));
  try {
    return format(locale, { timeZone, ...options });
  } catch {
    return format(undefined, options);
  }
}

// A point in time as people write it, in the client's language and time zone.
const point = (value, options) => (isTime(value) ? el("time", { datetime: value, title: value }, inTime(value, options)) : theirs(value));
const when = (value) => point(value, { dateStyle: "medium", timeStyle: "short" });
const day = (value) => point(value, { dateStyle: "medium" });

// The most items of a list within a value.
const MOST_ITEMS = 50;

const itemOf = (item) => (isThing(item) ? dotted(Object.values(item).filter((value) => typeof value !== "object")) : valueOf(item));

// Any value of JSON for a person. `depth`: of how many objects it is a part.
function valueOf(value, depth = 0) {
  if (value === null || value === undefined || value === "") return el("span", { class: "quiet" }, "nothing");
  if (typeof value === "boolean") return el("span", {}, value ? "yes" : "no");
  if (isTime(value)) return when(value);
  if (typeof value !== "object") return theirs(value);
  if (Object.keys(value).length === 0) return el("span", { class: "quiet" }, "nothing");
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return theirs(value.join(", "));
  if (depth > 1) return el("code", {}, theirs(JSON.stringify(value)));
  if (!Array.isArray(value)) return facts(Object.entries(value), depth + 1) || valueOf();
  return el("ul", {}, value.slice(0, MOST_ITEMS).map((item) => el("li", {}, itemOf(item))),
    value.length > MOST_ITEMS && el("li", { class: "quiet" }, `… and ${value.length - MOST_ITEMS} more`));
}

// Names and their values, without what is empty.
function facts(pairs, depth = 0) {
  const held = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return held.length > 0 && el("dl", {}, held.map(([name, value]) => [
    el("dt", {}, inWords(name)),
    el("dd", {}, value instanceof Node ? value : valueOf(value, depth)),
  ]));
}

const nameOf = (thing) => thing.name || [thing.first_name, thing.last_name].filter(Boolean).join(" ");

const addressOf = (thing) => {
  const listed = (thing.email_addresses ?? []).find(({ id }) => id === thing.primary_email_address_id) ?? thing.email_addresses?.[0];
  return thing.email_address ?? listed?.email_address ?? thing.identifier;
};

// The initials of a name on a colour of its own: a picture that says nothing more than the name beside it.
function picture(thing) {
  const words = (nameOf(thing) || addressOf(thing) || thing.id || "?").replaceAll(HIDDEN, "").trim().split(/\s+/u);
  const initials = words.slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
  const hue = [...String(thing.id ?? words.join(" "))].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  return el("div", { class: "picture", "aria-hidden": "true", style: `background: hsl(${hue} 45% 34%)` }, initials || "?");
}

// Who or what something is about, with a picture.
const who = (thing, ...more) => el("div", { class: "who" }, picture(thing), el("div", {},
  el("strong", {}, theirs(nameOf(thing) || addressOf(thing) || thing.username || thing.id || thing.user_id || "without a name")),
  el("div", {}, dotted([addressOf(thing), thing.username, thing.slug])),
  el("div", { class: "id quiet" }, theirs(thing.id ?? thing.user_id ?? "")),
  more));

const tag = (text, kind = "") => el("span", { class: `tag ${kind}` }, text);

const box = (kind, title, ...children) => el("div", { class: `box ${kind}` }, el("strong", {}, title), children);

const button = (text, press, kind = "") => el("button", { type: "button", class: `plain ${kind}`, click: press }, text);

// Puts the content of the view in the place of what was there. It has a heading, to be seen or not.
function show(...children) {
  const main = document.getElementById("main");
  // Who works by keys goes on where the new content begins. Nobody else's focus is taken.
  const isHere = document.hasFocus();
  main.replaceChildren(...children.flat(9).filter(Boolean));
  if (host.here.instance) main.prepend(el("p", { class: "small" }, "Instance ", el("strong", {}, theirs(host.here.instance))));
  if (!main.querySelector("h1")) main.prepend(el("h1", { class: "unseen" }, document.title));
  if (isHere) main.focus();
}

const say = (text) => document.getElementById("status").replaceChildren(...nodesOf(text));
