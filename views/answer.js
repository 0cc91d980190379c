// What a tool has answered.

const structured = (result) => result?.structuredContent ?? parsed(result) ?? {};

function parsed(result) {
  try {
    return JSON.parse(result.content.find(({ type }) => type === "text").text);
  } catch {
    return undefined;
  }
}

const textOf = (result) => (result?.content ?? []).map(({ text }) => text ?? "").join("\n");

// Why a call has failed.
function problem(result) {
  const failure = parsed(result) ?? {};
  return box("bad", failure.message ? theirs(failure.message) : "It failed", failure.hint && el("div", {}, theirs(failure.hint)),
    (failure.problems ?? []).map(({ pointer, message }) => el("div", {}, theirs(`${pointer} ${message}`))),
    !failure.message && theirs(shortened(textOf(result), 1000)));
}
