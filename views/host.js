// The host of this view: JSON-RPC by postMessage with the frame around it, as MCP Apps 2026-01-26 has it.
const host = (() => {
  const waiting = new Map();
  const handlers = new Map([["ping", () => ({})], ["ui/resource-teardown", () => ({})]]);
  let last = 0;
  const post = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");

  const request = (method, params) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    post({ id: last, method, params });
  });

  const settle = ({ id, result, error }) => {
    const waits = waiting.get(id);
    waiting.delete(id);
    if (error) waits?.reject(new Error(String(error.message ?? "the client refused")));
    else waits?.resolve(result ?? {});
  };

  // What a view cannot read is said, rather than nothing.
  const told = (handle) => {
    try {
      handle();
    } catch (error) {
      console.error(error);
      show(box("bad", "This answer cannot be shown", "The assistant has it as text."));
    }
  };

  const answer = async ({ id, method, params }) => {
    const handler = handlers.get(method);
    note(params ?? {});
    if (id === undefined) return told(() => handler?.(params ?? {}));
    if (!handler) return post({ id, error: { code: -32601, message: "Method not found" } });
    try {
      post({ id, result: await handler(params ?? {}) });
    } catch (error) {
      post({ id, error: { code: -32603, message: String(error.message) } });
    }
  };

  // Only the frame around this one is the host: another frame that finds it is not listened to.
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.jsonrpc !== "2.0") return;
    if (data.method === undefined) settle(data);
    else answer(data);
  });

  const here = { capabilities: {}, context: {}, instance: undefined };

  // Where a server serves several instances, each call and answer names one: the one that this view is about.
  const note = ({ structuredContent, arguments: given, _meta: meta }) => {
    const name = structuredContent?.instance ?? given?.instance ?? meta?.["clerk-mcp/consent"]?.instance;
    if (typeof name === "string") here.instance = name;
  };

  const dress = (context) => {
    Object.assign(here.context, context);
    const root = document.documentElement;
    if (context.theme) root.style.colorScheme = context.theme === "dark" ? "dark" : "light";
    for (const [name, value] of Object.entries(context.styles?.variables ?? {})) {
      if (/^--[a-z0-9-]+$/.test(name) && typeof value === "string") root.style.setProperty(name, value);
    }
  };
  handlers.set("ui/notifications/host-context-changed", dress);

  const tellSize = () => {
    const { height } = document.body.getBoundingClientRect();
    post({ method: "ui/notifications/size-changed", params: { height: Math.ceil(height) } });
  };

  return {
    here,
    on: (method, handler) => handlers.set(method, handler),
    can: (capability) => here.capabilities[capability] !== undefined,

    // Introduces the view. From then on the host tells what the tool was given and has answered.
    async connect() {
      const hello = await request("ui/initialize", {
        protocolVersion: "2026-01-26",
        appInfo: { name: "clerk-mcp", version: "1" },
        appCapabilities: { availableDisplayModes: ["inline", "fullscreen"], elicitation: {} },
      });
      here.capabilities = hello.hostCapabilities ?? {};
      dress(hello.hostContext ?? {});
      post({ method: "ui/notifications/initialized", params: {} });
      new ResizeObserver(tellSize).observe(document.body);
    },

    call: (name, given) => request("tools/call", { name, arguments: { ...(here.instance && { instance: here.instance }), ...given } }),

    // Lets the model know what a person did here. A client that cannot is no failure.
    async tell(text) {
      if (!host.can("updateModelContext")) return;
      const content = [{ type: "text", text: text.slice(0, 4000) }];
      await request("ui/update-model-context", { content }).catch(() => {});
    },

    // Speaks for the person, who has pressed a button that says so.
    say: (text) => request("ui/message", { role: "user", content: [{ type: "text", text }] }),

    // Has the client save a file; false where it cannot.
    async save(name, mimeType, text) {
      if (!host.can("downloadFile")) return false;
      const contents = [{ type: "resource", resource: { uri: `file:///${name}`, mimeType, text } }];
      const { isError } = await request("ui/download-file", { contents });
      return !isError;
    },
  };
})();

const allowed = new Set(JSON.parse(document.getElementById("tools").textContent));
