// Consent: a call that writes, at any stage. The preview of one that waits for a yes, of a dry run, or what came of it.

let given = {};
host.on("ui/notifications/tool-input", (params) => { given = params.arguments ?? {}; });

host.on("ui/notifications/tool-cancelled", () => {
  show(box("note", "The call was cancelled", "Look whether it has changed anything."));
});

host.on("ui/notifications/tool-result", (result) => {
  const { preview, confirmation_token: open } = structured(result);
  if (!preview || result.isError) {
    show(outcome(result));
    return say("");
  }
  const { confirmation_token: token = open, name } = result._meta?.[CONSENT] ?? {};
  const { dry_run, dryRun, confirmation_token, confirmationToken, ...rest } = given;
  const call = { ...rest, ...(token && { confirmation_token: token }) };
  if (host.can("serverTools")) {
    return ask(preview, name, () => write(preview.tool, call, undefined, token ? undefined : preview, preview.action), () => leave(preview));
  }
  // The view cannot call: the person's own words have to lead the model to it.
  if (token && host.can("message")) {
    const words = `I agree to this call of ${preview.tool}. Repeat it with the same arguments and this confirmation_token: ${token}`;
    return ask(preview, name, () => host.say(words).then(() => say("Told the assistant.")), () => leave(preview));
  }
  show(previewOf(preview, Boolean(name)));
  say("Nothing has changed. This client cannot make the call from here.");
});

// A question that the client has a view show. Its answer is the standard one, of the form that was asked for.
host.on("elicitation/create", (params) => new Promise((resolve) => {
  const { preview, name } = params._meta?.[CONSENT] ?? {};
  const fields = Object.keys(params.requestedSchema?.properties ?? {});
  if (!preview || fields.length !== 1) return resolve({ action: "cancel" });
  const answer = (action, content) => {
    show(box("note", action === "accept" ? "Agreed: the call is made" : "Nothing is changed", theirs(preview.action)));
    say("");
    resolve({ action, ...(content && { content }) });
  };
  ask(preview, name ?? undefined, (typed) => answer("accept", { [fields[0]]: typed ?? "yes" }), () => answer("decline"));
}));

host.connect();
