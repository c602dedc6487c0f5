// Shows the page anew when something it is made of has changed; the page can be read without this.
let newest;
let isLost = false;
let work = Promise.resolve();

function say() {
    document.getElementById("live").textContent = isLost ? "connection lost, this may be out of date" : "";
}

// What its reader has done to the page, to be done to the one that takes its place.
function kept() {
    const typed = [...document.querySelectorAll("input")].filter((field) => field.value !== field.defaultValue);
    const open = [...document.querySelectorAll("details[open]")].map((details) => details.dataset.key);
    const rolled = [...document.querySelectorAll("[id]")].map(({ id, scrollLeft, scrollTop }) => [id, scrollLeft, scrollTop]);
    const { id: focused, selectionStart: from, selectionEnd: to } = document.activeElement;
    const [left, top] = [scrollX, scrollY];
    return () => {
        const find = (id) => document.getElementById(id);
        for (const { id, value } of typed) if (find(id)) find(id).value = value;
        for (const details of document.querySelectorAll("details")) details.open ||= open.includes(details.dataset.key);
        for (const [id, x, y] of rolled) if (x || y) find(id)?.scrollTo(x, y);
        find(focused)?.focus({ preventScroll: true });
        find(focused)?.setSelectionRange?.(from, to);
        scrollTo({ left, top, behavior: "instant" });
    };
}

async function renew(version) {
    if (version !== newest) return;
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !fresh.getElementById("live")) throw new Error(`not the preview: ${answer.status}`);
    const restore = kept();
    document.title = fresh.title;
    document.body.replaceChildren(...fresh.body.childNodes);
    restore();
    say();
    if (version !== undefined) document.documentElement.dataset.version = version;
}

// One after the other; one that fails is made good by the next change.
function ask(version = newest) {
    newest = version;
    work = work.then(() => renew(version)).catch(console.warn);
}

let source;
function listen() {
    source = new EventSource("/preview/events");
    source.addEventListener("change", (event) => { if (event.data !== document.documentElement.dataset.version) ask(event.data); });
    source.addEventListener("open", () => { if (isLost) { isLost = false; say(); ask(); } });
    source.addEventListener("error", () => {
        isLost = true;
        say();
        // Browsers give up where something else answers than the preview.
        if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
    });
}
listen();
// Browsers keep few connections to one place: a page that nobody sees lets go of its own.
document.addEventListener("visibilitychange", () => { if (document.hidden) source.close(); else listen(); });
