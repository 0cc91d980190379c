// The host's page: the frame of a view, and the bridge of `@modelcontextprotocol/ext-apps` to it. The script outside makes the calls.
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

// Shows a view, and tells it what its tool was given and has answered. `outside` are the functions of the test.
window.mount = async ({ url, context, capabilities, given, result }) => {
    window.bridge?.close();
    const frame = document.createElement("iframe");
    frame.title = "view";
    frame.setAttribute("sandbox", "allow-scripts");
    document.body.replaceChildren(frame);
    const bridge = new AppBridge(null, { name: "tests", version: "1" }, capabilities, { hostContext: context });
    window.bridge = bridge;
    bridge.oncalltool = (params) => window.outsideCall(params);
    bridge.onmessage = (params) => window.outsideTell("message", params);
    bridge.onupdatemodelcontext = (params) => window.outsideTell("context", params);
    bridge.ondownloadfile = (params) => window.outsideTell("file", params);
    bridge.onsizechange = ({ height }) => {
        if (height) frame.style.height = `${height}px`;
    };
    const initialized = new Promise((resolve) => {
        bridge.oninitialized = resolve;
    });
    await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
    frame.src = url;
    await initialized;
    if (given) await bridge.sendToolInput({ arguments: given });
    if (result) await bridge.sendToolResult(result);
};

// A question that the host has the view show, as the draft for questions in apps has it: the request is passed on as it is.
window.elicit = (params) => new Promise((resolve) => {
    const frame = document.querySelector("iframe");
    const id = `question-${Date.now()}`;
    addEventListener("message", function listen({ source, data }) {
        if (source !== frame.contentWindow || data?.id !== id) return;
        removeEventListener("message", listen);
        resolve(data.result ?? data.error);
    });
    frame.contentWindow.postMessage({ jsonrpc: "2.0", id, method: "elicitation/create", params }, "*");
});
