// Keeps the issues on the page as they are on the server; all of it can be read without this.
const base = document.body.dataset.base;
const states = ["planned", "sending", "sent", "deferred", "failed", "in_doubt", "suppressed", "cancelled"];

function say(text) {
    const live = document.getElementById("live");
    if (live.textContent !== text) live.textContent = text;
}

function counted(deliveries) {
    return states.filter((state) => deliveries[state]).map((state) => {
        const item = document.createElement("li");
        item.dataset.state = state;
        item.textContent = `${deliveries[state]} ${state.replace("_", " ")}`;
        return item;
    });
}

function show(row, issue) {
    const part = (name) => row.querySelector(`[data-part="${name}"]`);
    const isHeld = issue.held !== null;
    const stands = isHeld ? "held" : issue.done < issue.total ? "open" : "done";
    // Each thing to do has times at which it can be done.
    for (const action of row.querySelectorAll("[data-while]")) action.hidden = !action.dataset.while.split(" ").includes(stands);
    part("bar").max = issue.total || 1;
    part("bar").value = issue.done;
    part("sum").textContent = `${issue.done} of ${issue.total}`;
    part("counts").replaceChildren(...counted(issue.deliveries));
    part("held").textContent = isHeld ? `held: ${issue.held}` : "";
    part("held").hidden = !isHeld;
}

function meet(issue) {
    const row = document.getElementById(`issue-${issue.id}`);
    if (row) return show(row, issue);
    // Once for each: a page that shows fewer than the server tells of would be loaded for ever.
    const key = `tidings-met-${issue.id}`;
    if (!document.querySelector("[data-overview]") || sessionStorage.getItem(key)) return;
    sessionStorage.setItem(key, "yes");
    location.reload();
}

function listen() {
    const source = new EventSource(`${base}api/v1/events`);
    source.addEventListener("open", () => say("live"));
    source.addEventListener("issues", (event) => JSON.parse(event.data).forEach(meet));
    source.addEventListener("error", () => {
        say("reconnecting");
        // Browsers give up where something else answers, such as a proxy whose server is away.
        if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    });
}
listen();
