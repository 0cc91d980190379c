// A write from its preview to its answer. Nothing is called before a person has pressed the button that says so.

// How long a preview is to be seen before it can be agreed to, in milliseconds.
const READING = 1000;
const CONSENT = "clerk-mcp/consent";

const plain = (text) => text.trim().split(/\s+/u).join(" ");

// The form below a preview. `name`: the name to type; `agree`: gets it; `decline`: may be missing.
function decision(preview, name, agree, decline) {
  const press = () => {
    if (yes.disabled || document.visibilityState !== "visible") return;
    yes.disabled = true;
    agree(typed?.value);
  };
  const yes = button(`Yes: ${preview.action ?? "go ahead"}`, press, `act ${name ? "final" : ""}`);
  const no = decline && button("No, leave it", () => decline());
  const typed = name && el("input", { id: "typed", autocomplete: "off", spellcheck: "false", "aria-required": "true" });
  const fits = () => !name || plain(typed.value) === plain(name);
  let isRead = false;
  const update = () => { yes.disabled = !(isRead && fits()); };
  typed?.addEventListener("input", update);
  typed?.addEventListener("keydown", ({ key }) => { if (key === "Enter") press(); });
  update();
  setTimeout(() => { isRead = true; update(); }, READING);
  // No form: a sandbox may keep forms from being sent, and their events with them.
  return el("div", { class: "row", role: "group", "aria-label": "Your decision" }, name && el("label", { for: "typed" }, "Type ", el("strong", {}, theirs(name)), " to agree:"), typed, no, yes);
}

const PARTS = ["done", "failed", "not_tried"];

// What came of a write. `action`: what it was, in words.
function outcome(result, back, action = host.here.context.toolInfo?.tool?.title) {
  const answer = structured(result);
  if (result.isError) return [problem(result), back];
  const undo = answer.undo && allowed.has(answer.undo.tool) && host.can("serverTools");
  const [done, ...others] = PARTS.map((part) => (Array.isArray(answer[part]) ? answer[part] : []));
  const isLeft = others.some((steps) => steps.length > 0);
  const subject = answer.public_user_data ?? answer;
  return [
    action && el("h1", {}, theirs(action)),
    isLeft ? box("note", done.length > 0 ? "Done in part" : "Not done", theirs(answer.note ?? "")) : box("good", "Done", theirs(answer.note ?? "")),
    isThing(subject) && isNamed(subject) && who(subject),
    changesOf(answer),
    [done, ...others].map((steps, place) => steps.length > 0 && [el("h2", {}, `${inWords(PARTS[place])}: ${steps.length}`), valueOf(steps)]),
    answer.secret_files && box("note", "A secret was written to a file of the operator's", facts(Object.entries(answer.secret_files))),
    el("div", { class: "row" }, undo && button("Take it back …", () => propose(answer.undo.tool, answer.undo.arguments, back)), back),
  ];
}

// Shows a preview with what a person can do about it.
function ask(preview, name, agree, decline) {
  show(previewOf(preview, Boolean(name)), decision(preview, name, agree, decline));
  say("Nothing has changed yet.");
}

// Calls a tool and shows what comes of it. `agreed`: the preview that a person has agreed to, for the same call.
async function write(tool, given, back, agreed, action = agreed?.action) {
  say("Working …");
  try {
    const result = await host.call(tool, given);
    const { preview, confirmation_token: open } = structured(result);
    const consent = result._meta?.[CONSENT] ?? {};
    const token = consent.confirmation_token ?? open;
    if (preview && !result.isError) {
      if (!token) return cannotAgree(preview, back);
      const again = () => write(tool, { ...given, confirmation_token: token }, back, undefined, preview.action);
      // The very preview that was agreed to needs no second yes, unless a name has to be typed.
      if (agreed && !consent.name && same(agreed, preview)) return await again();
      return ask(preview, consent.name, again, () => leave(preview, back));
    }
    show(outcome(result, back, action));
    say(result.isError ? "It failed." : "Done.");
    await host.tell(`In the view of clerk-mcp, the person agreed to ${tool}, which answered: ${textOf(result)}`);
  } catch (error) {
    show(box("bad", "The client did not make the call", theirs(error.message)), back);
    say("It failed.");
  }
}

function cannotAgree(preview, back) {
  show(previewOf(preview), box("bad", "Nothing has changed", "This client keeps from its views what they need to agree. The operator can set --confirm token-only (CLERK_CONFIRM)."), back);
  say("");
}

const same = (left, right) => JSON.stringify(ordered(left)) === JSON.stringify(ordered(right));

const ordered = (value) => (isThing(value)
  ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, ordered(value[key])]))
  : Array.isArray(value) ? value.map(ordered) : value);

function leave(preview, back) {
  show(box("note", "Nothing was changed", theirs(preview.action ?? "")), back);
  say("Declined.");
  host.tell(`In the view of clerk-mcp, the person declined ${preview.tool}. Nothing was changed. Do not repeat the call unless they ask for it.`);
}

// Has a tool preview a call, and asks the person.
async function propose(tool, given, back) {
  say("Looking …");
  try {
    const result = await host.call(tool, { ...given, dry_run: true });
    const { preview } = structured(result);
    if (!preview || result.isError) return show(problem(result), back);
    ask(preview, undefined, () => write(tool, given, back, preview), () => leave(preview, back));
  } catch (error) {
    show(box("bad", "The client did not make the call", theirs(error.message)), back);
  }
}
