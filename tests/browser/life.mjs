// A subscriber's life with `tidings serve`, for tests/serve.sh: node life.mjs NODE_MODULES TIDINGS [PICTURES].
// What is not as it should be is told, and the walk goes on as far as it can; it ends with 1 then.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

const [modules, tidings, pictures] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let is_so = true; // nothing has failed since the last step
function failed(words) {
    is_so = false;
    process.exitCode = 1;
    console.error(`serve: FAILED: ${words}`);
}
function same(what, found, expected) {
    if (isDeepStrictEqual(found, expected)) return;
    failed(`${what}\n  expected: ${JSON.stringify(expected)}\n  found:    ${JSON.stringify(found)}`);
}
function step(words) {
    console.log(`serve: ${is_so ? "" : "NOT ALL OF: "}${words}`);
    is_so = true;
}
const tried = (walk) => walk.catch((error) => failed(`${error.stack}\n  at ${page.url()}`));
// Whether `ready` gives something within some seconds.
async function until(ready, seconds = 5) {
    for (const end = Date.now() + 1000 * seconds; !(await ready()); await sleep(50)) if (Date.now() > end) return false;
    return true;
}
// What pages say, by language, from where the program has it: to word something anew breaks nothing here.
const said = {};
for (const language of ["ko", "en"]) {
    const text = readFileSync(new URL(`../../templates/pages/words/${language}.yaml`, import.meta.url), "utf8");
    said[language] = Object.fromEntries([...text.matchAll(/^(\w+): "?(.*?)"?$/gm)].map(([, key, word]) => [key, word]));
}

// The site. It has a time of its own, so that every day is the same.
const site = mkdtempSync(join(tmpdir(), "tidings-life-"));
const probe = createServer().listen(0, "127.0.0.1");
await once(probe, "listening");
const { port } = probe.address();
probe.close();
const base = `http://127.0.0.1:${port}/`;
for (const folder of ["config", "posts"]) mkdirSync(join(site, folder));
writeFileSync(join(site, "config/secret"), "c2VjcmV0IG9mIGEgc2l0ZSB0aGF0IGlzIGdvbmUgc29vbg==\n");
writeFileSync(join(site, "config/tidings.yaml"), `
site: { title: 새벽 노트, url: ${base}, language: ko, timezone: Asia/Seoul }
newsletters:
  weekly: { title: 새벽 노트 소식, from: 새벽 <news@example.com>, schedule: manual, subscribers: ledger, topics: [AI, 여행], languages: [ko, en] }
server: { listen: 127.0.0.1:${port}, url: ${base}, secret_file: secret }
`);
// Writes a post. The server makes everything anew then: feeds, and what it has read of subscribers.
async function publish(name, time, tag) {
    const head = `title: ${name} 글\ndate: 2026-11-23T${time}:00+09:00\ntags: [${tag}]`;
    writeFileSync(join(site, `posts/${name}.md`), `---\n${head}\n---\n\n${name} 소식입니다.\n`);
    const is_there = () => fetch(`${base}feed.json`).then((feed) => feed.text()).then((text) => text.includes(`${name} 글`));
    same(`“${name}” is in the feed`, await until(is_there), true);
}

// The program, as a server and as a command.
let server, heard = "";
async function serve(when) {
    server = spawn(tidings, ["-C", site, "--now", when, "serve"], { stdio: ["ignore", "ignore", "pipe"] });
    server.stderr.setEncoding("utf8").on("data", (text) => { heard += text; });
    const is_there = () => server.exitCode !== null || fetch(`${base}healthz`).then(({ ok }) => ok, () => false);
    if (!(await until(is_there)) || server.exitCode !== null) throw new Error(`the server does not begin: ${heard}`);
}
async function end() {
    await judging; // which has the style sheet from it
    server.kill("SIGTERM");
    same("how the server ends", await once(server, "exit", { signal: AbortSignal.timeout(15_000) }), [0, null]);
    same("what it complains of", heard.match(/^(error|warning).*$/gm), null);
}
let now = "2026-11-23T08:00:00+09:00"; // for commands; the server's own time goes on from where it began
const run = (when, ...command) => new Promise((done) => {
    execFile(tidings, ["-q", "-C", site, "--now", when, ...command], (error, _, stderr) => done([error?.code ?? 0, stderr]));
});
// Whether a newsletter would go to somebody, as a command sees it beside the server. There must be a post that has not been sent.
async function is_on(address, when = now) {
    const [code, stderr] = await run(when, "send", "--dry-run", "--as", address);
    if (code && !stderr.includes("no active subscriber")) throw new Error(`send --dry-run: ${stderr}`);
    return code === 0;
}

// Mail: MIME as far as the program uses it. Octets are Latin-1 until they are read as UTF-8.
const base64 = (text) => Buffer.from(text, "base64").toString("latin1");
const quoted = (text) => text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
const utf8 = (text) => Buffer.from(text, "latin1").toString();
function parsed(mail) {
    const [, head, body] = /^(.*?)\r?\n\r?\n(.*)$/s.exec(mail.trimStart());
    const word = (_, kind, inner) => (kind.toLowerCase() === "b" ? base64(inner) : quoted(inner.replaceAll("_", " ")));
    const header = Object.fromEntries(head.replace(/\r?\n(?=[ \t])/g, "").split(/\r?\n/).map((line) => {
        const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line);
        // Words are joined before they are read: a character may be in two of them.
        return [name.toLowerCase(), utf8(value.replace(/=\?utf-8\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?/gi, word))];
    }));
    const boundary = /boundary="?([^";]+)/.exec(header["content-type"])?.[1];
    const decode = { "quoted-printable": quoted, base64 }[header["content-transfer-encoding"]] ?? String;
    if (!boundary) return { header, text: utf8(decode(body)) };
    // Of the alternatives, the plain text is the first (RFC 2046 §5.1.4).
    const [text, html] = body.split(`--${boundary}`).slice(1, -1).map((part) => parsed(part).text);
    return { header, text, html };
}
const address_of = ({ header }) => /[^< ]+@[^>]+/.exec(header.to)[0];
const link_in = ({ text }) => text.split(/\r?\n/).find((line) => line.startsWith(base) && line.length > base.length);
const preferences_in = ({ text }) => /http\S+\/preferences\/\S+/.exec(text)[0];
const outbox = join(site, ".tidings/outbox/new");
const seen = new Set();
// What has come since it was last asked.
function new_mail() {
    const names = (existsSync(outbox) ? readdirSync(outbox) : []).filter((name) => !seen.has(name));
    return names.map((name) => parsed(readFileSync(join(outbox, name), "latin1"), seen.add(name)));
}
// The one letter that comes, of this kind, to this address.
async function letter(kind, address) {
    let mails;
    await until(() => (mails = new_mail()).length);
    const subject = said[speaks][`letter_${kind}_subject`].replace("{newsletter}", "새벽 노트 소식");
    same("letters that come", mails.map((mail) => [mail.header.subject, address_of(mail)]), [[subject, address]]);
    if (!mails.length) throw new Error(`no letter “${kind}”`);
    return { ...mails[0], link: link_in(mails[0]) };
}

// The browsers: one without JavaScript, on a phone, for the reader; one with it for axe, which is shown the same pages.
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const reader = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 375, height: 812 }, locale: "ko-KR" });
reader.setDefaultTimeout(5_000);
const page = await reader.newPage();
const judge = await (await browser.newContext({ bypassCSP: true })).newPage();
let answer; // to the last navigation
for (const one of [page, judge]) {
    one.on("request", (asked) => { if (!asked.url().startsWith(base)) failed(`asked of another host: ${asked.url()}`); });
    // What its policy forbids a page is among them.
    one.on("console", (said) => { if (said.type() === "error" && !/status of 4/.test(said.text())) failed(`${one.url()}: ${said.text()}`); });
}
page.on("response", (response) => { if (response.request().isNavigationRequest()) answer = response; });
let speaks = "ko"; // what the reader has chosen
// Pages are judged beside the walk, one after the other; those that differ in nothing but the signs in a link, once.
let judging = Promise.resolve();
const judged = new Set();
function audit(name, html) {
    const kind = html.replace(/[\w-]{40,}/g, "");
    if (!judged.has(kind)) judging = judging.then(() => tried(look(name, html)));
    judged.add(kind);
}
async function look(name, html) {
    await judge.route(`${base}judged`, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }), { times: 1 });
    await judge.goto(`${base}judged`);
    await judge.evaluate(axe);
    // What a page has does not depend on its colours, nor these on its width.
    for (const [width, colorScheme] of [[1280, "light"], [320, "dark"]]) {
        await judge.setViewportSize({ width, height: 800 });
        await judge.emulateMedia({ colorScheme });
        const { violations } = await judge.evaluate(() => axe.run({ resultTypes: ["violations"] }));
        const bad = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
        same(`axe at ${name}, ${colorScheme}, ${width}`, bad.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
        same(`${name} fits into ${width} pixels`, await judge.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    }
}
const lang = () => page.locator("html").getAttribute("lang");
// The page that has been reached: what it is, in which language, with which status; and axe's word on it.
async function reached(heading, status = 200) {
    const found = [await page.locator("h1").textContent(), await lang(), answer.status()];
    same(`page after ${answer.request().method()} ${answer.url().slice(0, 80)}`, found, [said[speaks][heading], speaks, status]);
    if (pictures) await page.screenshot({ path: join(pictures, `${heading}-${speaks}.png`), fullPage: true });
    audit(heading, await page.content());
}
const open = (address, heading, status) => page.goto(address).then(() => reached(heading, status));
const field = (id) => page.locator(`#${id}`);
const topic = (name) => page.getByLabel(name, { exact: true });
async function fill({ topics, ...fields }) {
    if (topics) for (const one of ["AI", "여행"]) await topic(one).setChecked(topics.includes(one));
    for (const [id, value] of Object.entries(fields)) {
        await (["cadence", "language"].includes(id) ? field(id).selectOption(value) : field(id).fill(value));
    }
}
// A button by its word in whatever language the page is.
const button = async (key) => page.getByRole("button", { name: said[await lang()][key], exact: true });
async function press(key, heading) {
    await Promise.all([page.waitForEvent("load", { timeout: 9_000 }), (await button(key)).click()]);
    await reached(heading);
}
const save = (fields) => fill(fields).then(() => press("save_button", "preferences_title"));
const form = (fields) => new URLSearchParams(fields);
const send = (address, body) => fetch(address, { method: "POST", redirect: "manual", body });
const subscribe = `${base}subscribe/weekly`;
async function sign_up(email, fields) {
    await page.goto(subscribe);
    await fill({ email, ...fields });
    await field("consent").check();
    await press("subscribe_button", "sent_title");
    return page.content();
}
// Opens the link in the letter that comes. A look changes nothing, its button does: `is_on` of `whom`, before and after.
async function follow(kind, address, done, whom = [address], [before, after] = [[false], [true]]) {
    const { link } = await letter(kind, address);
    await open(link, `${kind}_title`);
    await fetch(link, { method: "HEAD" });
    same(`“${kind}”: on the list before the button`, await Promise.all(whom.map((one) => is_on(one))), before);
    await press(`${kind}_button`, done);
    same(`“${kind}”: on the list after the button`, await Promise.all(whom.map((one) => is_on(one))), after);
}
// Kim becomes Park, another address of theirs. Lee is there all along: to whom mail goes that others do not get.
const [KIM, PARK, LEE] = ["kim@example.net", "park@example.net", "lee@example.net"];

async function joining() {
    await open(subscribe, "subscribe_title");
    await fill({ email: KIM });
    await (await button("subscribe_button")).click();
    await sleep(200);
    same("requests of a form without consent", answer.request().method(), "GET");
    same("box that is missed", await page.locator(":invalid:focus").getAttribute("id"), "consent");
    const refused = await send(subscribe, form({ email: KIM }));
    same("status of a form without consent", refused.status, 422);
    audit("the form without consent", await refused.text());
    step("without consent neither browser nor server takes the form");
    const first = await sign_up(KIM, { name: "김새벽", topics: ["AI"] });
    await follow("confirm", KIM, "done_subscribed_title");
    step("the form has a letter written; a look at its link changes nothing, its button does");
    same("the page, for whom is on the list", await sign_up(KIM), first);
    const { link } = await letter("already", KIM);
    same("the page, for a machine", await sign_up("machine@example.net", { website: "https://spam.example" }), first);
    await send(subscribe, form({ email: LEE, name: "이아침", consent: "yes" }));
    // Letters are written one after the other: this is the only one, so the machine had none.
    const confirm = await letter("confirm", LEE);
    const has_link = confirm.html.replaceAll("&#x2f;", "/").includes(`href="${confirm.link}"`);
    same("to whom the letter is, with its link in HTML, too", [confirm.header.to, has_link], [`이아침 <${LEE}>`, true]);
    audit("the letter", confirm.html);
    await send(confirm.link);
    step("the page is the same for whom is on the list, who gets another letter, and for a machine, which gets none");
    return link;
}

async function preferring(preferences) {
    await open(preferences, "preferences_title");
    same("the address is masked", (await page.content()).includes(KIM), false);
    const chosen = async () => [await topic("AI").isChecked(), await topic("여행").isChecked(),
        await field("cadence").inputValue(), await field("language").inputValue()];
    same("what was chosen", await chosen(), [true, false, "scheduled", "ko"]);
    await save({ topics: ["여행"], cadence: "each", language: speaks = "en" });
    same("what is chosen", await chosen(), [false, true, "each", "en"]);
    step("topics, cadence and language are as chosen, and the page speaks the language");
    const refused = await send(preferences, form({ pause: "2026-11-22", language: "en" }));
    same("status of a pause until yesterday", refused.status, 422);
    audit("the refused pause", await refused.text());
    same("the first day that may be chosen", await field("pause").getAttribute("min"), "2026-11-24");
    const told = () => page.getByText("2026-12-01", { exact: false }).count();
    await save({ pause: "2026-12-01" });
    same("in a pause: told, and written to", [await told(), await is_on(KIM)], [1, false]);
    same("after the pause: written to", await is_on(KIM, "2026-12-01T08:00:00+09:00"), true);
    await save({ pause: "" });
    same("after the end of the pause: told, and written to", [await told(), await is_on(KIM)], [0, true]);
    step("a pause lasts until its day, or until it is ended");
}

// Has an issue sent, and gives the copies by address.
async function sent(moment) {
    same("how `tidings send` ends", await run(now = moment, "send"), [0, ""]);
    return Object.fromEntries(new_mail().map((mail) => [address_of(mail), mail]));
}

async function reading() {
    const copies = await sent("2026-11-23T09:00:00+09:00");
    same("who got the issue", Object.keys(copies).sort(), [KIM, LEE]);
    const posts = (of) => ["처음", "둘째"].map((name) => copies[of].text.includes(`${name} 글`));
    same("posts in the copies", [posts(KIM), posts(LEE)], [[false, true], [true, true]]);
    same("the header for one click", copies[KIM].header["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    const [web] = /http\S+\/newsletter\/\S+/.exec(copies[LEE].text);
    same("the issue is on the web", await until(() => fetch(web).then(({ ok }) => ok), 3), true);
    await open(preferences_in(copies[KIM]), "preferences_title");
    step("an issue goes to each by their own choice, with links that work");
    return copies;
}

async function leaving(link) {
    await publish("셋째", "07:40", "여행");
    await open(link, "unsubscribe_title");
    same("HEAD, and on the list after it", [(await fetch(link, { method: "HEAD" })).status, await is_on(KIM)], [200, true]);
    await press("unsubscribe_button", "done_unsubscribed_title");
    await page.locator("[name=reason][value=other]").check();
    await fill({ words: "잠시 쉬려고요 <b>" });
    await press("reason_button", "done_thanked_title");
    same("on the list after the button", await is_on(KIM), false);
    step("GET and HEAD of the link in its header change nothing, the button does, and hears why");
    // The page that thanks has no button to undo it; the link and its button have one again.
    await open(link, "unsubscribe_title");
    await press("unsubscribe_button", "done_unsubscribed_title");
    await press("undo_button", "done_undone_title");
    const multipart = new FormData();
    multipart.set("List-Unsubscribe", "One-Click");
    let undo; // the button of the last answer
    for (const body of [form({ "List-Unsubscribe": "One-Click" }), multipart, undefined]) {
        if (undo) await send(undo);
        same("on the list after the undoing", await is_on(KIM), true);
        const clicked = await send(link, body);
        same(`a click, ${body?.constructor.name}`, [clicked.status, await is_on(KIM)], [200, false]);
        undo = new URL(/action="([^"]*pass[^"]*)"/.exec(await clicked.text())[1].replaceAll("&#x2f;", "/"), base);
    }
    same("who got the next issue", Object.keys(await sent("2026-11-23T10:00:00+09:00")), [LEE]);
    step("one click is taken however its body is encoded, and can be undone; nothing is sent after it");
    return undo.href;
}

async function moving() {
    speaks = "ko";
    await publish("넷째", "07:45", "AI");
    await sign_up(KIM, { name: "김새벽" });
    await follow("confirm", KIM, "done_subscribed_title");
    await Promise.all([page.waitForEvent("load"), page.getByRole("link", { name: said.ko.to_preferences }).click()]);
    await reached("preferences_title");
    step("who has left can sign up again");
    const preferences = page.url();
    await save({ language: speaks = "en" });
    await fill({ email: PARK });
    await press("preferences_move_button", "sent_title");
    await follow("move", PARK, "done_moved_title", [KIM, PARK], [[true, false], [false, true]]);
    const copies = await sent("2026-11-23T11:00:00+09:00");
    same("who got the issue after the move", Object.keys(copies).sort(), [LEE, PARK]);
    await open(preferences, "preferences_title");
    step("mail moves to another address by a letter to it");
    return preferences_in(copies[PARK]);
}

async function exporting(preferences) {
    await open(preferences, "preferences_title");
    await press("preferences_export_button", "sent_title");
    await open((await letter("export", LEE)).link, "export_title");
    const [download] = await Promise.all([page.waitForEvent("download"), (await button("export_button")).click()]);
    const { memberships: [of], copies } = JSON.parse(readFileSync(await download.path()));
    same("the file", [download.suggestedFilename(), of.email, of.name, of.status], ["tidings.json", LEE, "이아침", "active"]);
    same("consent", of.consent.map(({ how, wording }) => [how, wording.includes("새벽 노트")]), [["form", true]]);
    same("copies", copies.map(({ email, state }) => [email, state]), Array(3).fill([LEE, "sent"]));
    step("what is kept of somebody can be had as JSON: address, consent, copies");
}

async function forgetting(preferences) {
    speaks = "en";
    await publish("다섯째", "07:50", "AI");
    await open(preferences, "preferences_title");
    await press("preferences_erase_button", "sent_title");
    await follow("erase", PARK, "done_erased_title", [PARK], [[true], [false]]);
    speaks = "ko";
    await open(preferences, "problem_bad_link_title", 404);
    // What is asked for in the second of the erasure is taken for older than it.
    await sleep(1_100);
    await sign_up(PARK, { name: "박새벽" });
    await follow("confirm", PARK, "done_subscribed_title");
    step("who is forgotten has no links that work, and can sign up again");
    // A fourth letter in eight hours: the page says nothing of it, it only does not come. One network has sent its share of forms by now.
    await reader.setExtraHTTPHeaders({ "X-Forwarded-For": "198.51.100.7" });
    await sign_up(PARK);
    await sleep(500);
    same("letters beyond the third", new_mail().length, 0);
    step("nobody can have letters sent to an address again and again");
}

async function another_server(undo, preferences) {
    await end();
    await serve("2026-11-23T12:00:00+09:00");
    same("on the list of another server", await Promise.all([KIM, LEE, PARK].map((one) => is_on(one))), [false, true, true]);
    await open(undo, "problem_expired_title", 404);
    await open(`${base}pass/abc`, "problem_bad_link_title", 404);
    await open(`${base}nothing`, "problem_not_found_title", 404);
    for (const path of ["rss.xml", "atom.xml", "feed.json"]) same(`status of ${path}`, (await fetch(base + path)).status, 200);
    await page.goto(`${base}feeds.html`);
    audit("feeds.html", await page.content());
    step("another server knows the same; an old link is expired, a broken one is none; feeds are there");
    await send(`${preferences}/move`, form({ email: LEE.toUpperCase() }));
    await sleep(500);
    for (const mail of new_mail()) await send(link_in(mail));
    same("on the list after a move to the address that they have", await is_on(LEE), true);
    step("who writes their address in another way does not lose their place");
}

// Whatever happens, no server stays.
process.on("exit", () => rmSync(site, { recursive: true, force: true }, server?.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
await tried((async () => {
    await serve(now);
    await publish("처음", "07:00", "AI");
    await publish("둘째", "07:30", "여행");
    await preferring(await joining());
    const copies = await reading();
    const undo = await leaving(/<(http[^>]+)>/.exec(copies[KIM].header["list-unsubscribe"])[1]);
    const moved = await moving();
    speaks = "ko"; // as Lee does
    await tried(exporting(preferences_in(copies[LEE])));
    await tried(forgetting(moved));
    await another_server(undo, preferences_in(copies[LEE]));
})());
if (server?.exitCode === null) await end();
await browser.close();
step(`axe looked at ${judged.size} pages, in light at 1280 pixels and in dark at 320; nothing was asked of other hosts`);
process.exit();
