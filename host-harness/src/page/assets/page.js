// Asks for the live part of the page every few seconds, while somebody looks at it. Without this, reloading does the same.
"use strict";
(() => {
    const live = document.getElementById("live");
    const pause = document.getElementById("pause");
    const age = document.getElementById("age");
    if (!live || !pause) return;
    const EVERY = 3000;
    let paused = false;
    let asking = false;

    async function ask() {
        if (paused || asking || document.hidden) return;
        asking = true;
        try {
            const answer = await fetch("/page/live", { credentials: "same-origin", cache: "no-store", redirect: "error" });
            if (answer.status === 401 || answer.status === 403) {
                location.reload();
                return;
            }
            if (!answer.ok) throw new Error(String(answer.status));
            const text = await answer.text();
            // Nobody loses what they have marked.
            if (paused || String(getSelection()).length > 0) return;
            const parsed = new DOMParser().parseFromString(text, "text/html");
            live.replaceChildren(...parsed.body.childNodes);
            age.textContent = "Updated every three seconds.";
        } catch {
            age.textContent = "This server does not answer: these figures are old.";
        } finally {
            asking = false;
        }
    }

    pause.addEventListener("click", () => {
        paused = !paused;
        pause.textContent = paused ? "Go on with updates" : "Pause updates";
        age.textContent = paused ? "Paused." : "";
        ask();
    });
    document.addEventListener("visibilitychange", ask);
    document.getElementById("pace").hidden = false;
    document.getElementById("reload").hidden = true;
    setInterval(ask, EVERY);
})();
