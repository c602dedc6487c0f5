// An operator watches an issue go out at the desk of `tidings serve`, for tests/serve.sh: node desk.mjs NODE_MODULES TIDINGS [PICTURES].
// What is not as it should be is told, and the walk goes on as far as it can; it ends with 1 then.
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { audit, comes, end, execute, failed, free_port, go, page, picture, run, same, serve, status, step, until, write } from "./walk.mjs";

// A relay that takes its time, and does not know five of them.
const GONE = Array.from({ length: 5 }, (_, n) => `gone${n}@example.net`);
const READERS = Array.from({ length: 395 }, (_, n) => `reader${String(n).padStart(3, "0")}@example.net`);
const taken = [];
let pace = 30; // milliseconds for a letter
const relay = createServer((socket) => {
    let to, is_letter = false, rest = "";
    const say = (line) => socket.write(`${line}\r\n`);
    const answers = {
        EHLO: () => say("250 relay.example"),
        MAIL: () => say("250 2.1.0 Ok"),
        RCPT: (line) => {
            to = /<(.*)>/.exec(line)[1];
            say(GONE.includes(to) ? "550 5.1.1 User unknown" : "250 2.1.5 Ok");
        },
        DATA: () => say("354 Go on", is_letter = true),
        RSET: () => say("250 2.0.0 Ok"),
        QUIT: () => socket.end("221 2.0.0 Bye\r\n"),
    };
    async function heard(line) {
        if (!is_letter) return answers[line.slice(0, 4).toUpperCase()](line);
        if (line !== ".") return;
        is_letter = false;
        await sleep(pace);
        taken.push(to);
        say("250 2.0.0 Taken");
    }
    // Without PIPELINING nothing is said before the answer.
    socket.setEncoding("latin1").on("error", () => {}).on("data", (text) => {
        const lines = (rest + text).split("\r\n");
        rest = lines.pop();
        lines.forEach(heard);
    });
    say("220 relay.example");
}).listen(0, "127.0.0.1");
await once(relay, "listening");

const [listen, host] = [`127.0.0.1:${await free_port()}`, `127.0.0.1:${await free_port()}`];
const base = `http://${host}/`, api = `${base}api/v1/`;
const TOKEN = "YSB0b2tlbiBmb3IgdGVzdHMgb25seQ==";
const configure = (more = "") => write("config/tidings.yaml", `
site: { title: 새벽 노트, url: https://example.com/, language: ko, timezone: Asia/Seoul }
newsletters:
  weekly: { title: 새벽 소식, from: 새벽 <news@example.com>, schedule: each-post, select: { max_age: 36500d } }
mail: { transport: smtp, smtp: { host: 127.0.0.1, port: ${relay.address().port}, tls: none, connections: 2 } }
server: { listen: ${listen}, operator: { listen: ${host}${more} } }
`);
const publish = (name, title) => write(`posts/${name}.md`, `---\ntitle: ${title}\ndate: 2025-11-23T07:00:00+09:00\n---\n\n${title} 이야기입니다.\n`);
configure();
publish("snow", "첫눈");
write("config/operator-token", `${TOKEN}\n`);
write("config/subscribers.yaml", [...GONE, ...READERS].map((email) => `- { email: ${email} }\n`).join(""));

const get = (path) => fetch(api + path).then((answer) => answer.json());
const text = (selector) => page.locator(selector).innerText();
const follow = (name, place) => Promise.all([page.waitForURL(place), page.getByRole("link", { name, exact: true }).click()]);
let loads = 0;
page.on("load", () => { loads += 1; });
// Presses a button; the page that comes is not loaded again and again.
async function press(name, most = 1) {
    const before = loads;
    await page.getByRole("button", { name, exact: true }).click();
    await sleep(1_500);
    if (loads - before > most) failed(`after “${name}” the page is loaded ${loads - before} times`);
}
const issues = () => page.locator("tbody a").allInnerTexts();
const buttons = () => page.locator("button:visible").allInnerTexts();
const counts = async () => Object.fromEntries((await page.locator("[data-part=counts] li").allInnerTexts()).map((one) => one.split(" ").reverse()));
// What cron does: it comes again where the server is building just then.
async function cron() {
    let ended;
    await until(async () => (ended = await run("run")).code !== 75);
    return ended;
}
let running, id; // of the command, and of the issue that it sends

async function watching() {
    await serve(base);
    await page.goto(base);
    same("issues before the run", [await text("h1"), await page.getByText("There are no issues yet.").count()], ["Overview", 1]);
    same("who is on the list", (await page.locator("td.number").allInnerTexts()).map(Number), [400, 0, 0, 0, 0]);
    await audit("the overview without issues");
    running = cron();
    const bar = page.locator("progress");
    await bar.waitFor();
    await page.evaluate(() => { window.is_same = true; });
    const values = new Set();
    same("the bar moves", await until(async () => values.add(await bar.evaluate(({ value }) => value)).size > 3), true);
    same("the bar rises", [...values], [...values].sort((a, b) => a - b));
    same("the page was not loaded again, and of how many it speaks", await bar.evaluate(({ max }) => [window.is_same, max]), [true, 400]);
    await picture("desk");
    step(`an issue is on the overview as soon as it begins, and its progress rises: ${[...values].join(", ")} of 400`);
}

async function pausing() {
    await follow("새벽 소식: 첫눈", /issues\/./);
    id = page.url().split("/").at(-1);
    await press("Pause");
    same("what the run says", (await running).stderr.includes("paused by the owner"), true);
    const { held, total, deliveries } = await get(`issues/${id}`);
    same("the copies", [held, total, deliveries.planned > 0, deliveries.sending], ["paused by the owner", 400, true, 0]);
    same("what the relay has taken", taken.length, deliveries.sent);
    await page.reload();
    same("the page", [await text("[data-part=held]"), await buttons(), (await counts()).planned], ["held: paused by the owner", ["Resume"], `${deliveries.planned}`]);
    await audit("an issue that waits");
    step("a button has it wait: the run ends, what has not been sent is planned");
}

async function resuming() {
    await press("Resume");
    same("its buttons", await buttons(), ["Pause"]);
    pace = 1;
    same("how the run ends", (await cron()).code, 0);
    await comes("the copies", async () => [await counts(), await text("[data-part=sum]"), await buttons()], [{ sent: "395", failed: "5" }, "400 of 400", []]);
    same("who had a letter, and each one", taken.toSorted(), READERS);
    step("another has it go on: the next run sends the rest, and nobody has it twice");
    await follow("failed", /state=failed$/);
    const rows = await page.locator("tbody tr").evaluateAll((rows) => rows.map(({ cells }) => [cells[0].innerText, cells[3].innerText]));
    same("those who were refused", rows.map(([email, words]) => [email, words.includes("550 5.1.1 User unknown")]), GONE.map((email) => [email, true]));
    same("the same as JSON", (await get(`issues/${id}/copies?state=failed`)).map(({ email, code, enhanced }) => [email, code, enhanced]),
        GONE.map((email) => [email, 550, "5.1.1"]));
    await audit("the failures of an issue");
    step("who was refused is listed, with the relay's words");
}

async function cancelling() {
    pace = 200;
    publish("tram", "트램");
    running = cron();
    await page.goto(base);
    await follow("새벽 소식: 트램", /issues\/./); // which appears as the other has
    await page.locator("summary").click();
    await audit("an issue under way");
    await press("Cancel this issue", 2); // once more when what was in flight is done
    await running;
    const { total, done, deliveries: { sent, cancelled, suppressed } } = await get(`issues/${page.url().split("/").at(-1)}`);
    same("the copies", [total, done, sent + cancelled, cancelled > 0, suppressed], [400, 400, 395, true, 5]);
    await page.goto(base);
    same("the issues", await issues(), ["새벽 소식: 트램", "새벽 소식: 첫눈"]);
    await audit("the overview");
    step("a third calls it back, after it has asked");
}

async function scripting() {
    publish("river", "강");
    running = cron();
    same("there is another issue", await until(async () => (await get("issues")).length === 3), true);
    [{ id }] = await get("issues");
    const pause = async () => status(`${api}issues/${id}/pause`, {}, "POST");
    same("to pause it, and once more", [await pause(), await pause(), (await get(`issues/${id}`)).held], [200, 409, "paused by the owner"]);
    await running;
    await comes("the issues on the page", issues, ["새벽 소식: 강", "새벽 소식: 트램", "새벽 소식: 첫눈"]);
    same("those on the list", (await get("newsletters"))[0].subscribers, { active: 395, paused: 0, unsubscribed: 0, bounced: 5, complained: 0 });
    step("a program can do the same by JSON");
}

async function opening() {
    const all = (...requests) => Promise.all(requests.map(([headers, place = base, method]) => status(place, headers, method)));
    const pause = [`${api}issues/${id}/pause`, "POST"];
    const elsewhere = { Origin: "http://evil.example" }, named = { Host: "evil.example" }, passed_on = { "X-Forwarded-For": "198.51.100.7" };
    same("without a token", await all([{}], [named], [passed_on], [elsewhere, ...pause], [{}, ...pause]), [200, 403, 403, 403, 409]);
    await page.goto("about:blank");
    same("complaints", await end(), []);
    configure(", token_file: operator-token");
    await serve(base);
    const [wrong, bearer, basic] = ["Bearer wrong", `Bearer ${TOKEN}`, `Basic ${btoa(`kim:${TOKEN}`)}`].map((Authorization) => ({ Authorization }));
    for (const place of [base, `${api}issues`]) {
        same(`with a token, at ${place}`, await all(...[{}, wrong, bearer, basic, { ...bearer, ...named }].map((headers) => [headers, place])), [401, 401, 200, 200, 200]);
    }
    same("from elsewhere, with the token", await all([{ ...bearer, ...elsewhere }, ...pause]), [403]);
    step("it is for this machine alone, or for whom has the token; never for a page from elsewhere");
}

// Schemathesis sends what the description allows and what it does not, and has the issue that waits go on, wait and be called back.
async function judging() {
    const [checkers, config] = ["../../target/checkers/bin/schemathesis", "../checkers/schemathesis.toml"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
    const { code, stdout, stderr } = await execute(checkers, ["--config-file", config, "run", "--no-color", `${api}openapi.json`], { TOKEN });
    if (code) failed(`Schemathesis ends with ${code}: ${stdout.replace(/^[^]*(?== FAILURES =)/, "")}${stderr}`);
    same("complaints", await end(), []);
    step(`the API does as its description says, in ${/\d+ generated/.exec(stdout)?.[0].split(" ")[0]} requests of Schemathesis's`);
}

await go(watching, pausing, resuming, cancelling, scripting, opening, judging);
