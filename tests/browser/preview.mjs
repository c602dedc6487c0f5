// Somebody writes, and looks at `tidings serve --preview`, for tests/serve.sh: node preview.mjs NODE_MODULES TIDINGS [PICTURES].
// What is not as it should be is told, and the walk goes on as far as it can; it ends with 1 then.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { audit, end, failed, free_port, go, page, picture, run, same, serve, site, status, step, until, write } from "./walk.mjs";

const place = `127.0.0.1:${await free_port()}`;
const base = `http://${place}/preview/`;
const readers = await free_port();
const weekly = `${base}newsletter/weekly`;
const FAR = "2099-01-01T08:00:00+09:00";
const config = (title, more) => write("config/tidings.yaml", `
site: { title: 새벽 노트, url: https://example.com/, language: ko, timezone: Asia/Seoul }
newsletters:
  weekly: { title: ${title}, from: 새벽 <news@example.com>, schedule: "0 8 * * MON", select: { max_age: 36500d } }
server: { listen: 127.0.0.1:${readers} }
${more ?? ""}`);
const post = (name, title, date, text) => write(`posts/${name}.md`, `---\ntitle: ${title}\ndate: ${date}T07:00:00+09:00\n---\n\n${text}\n`);
const first_snow = (title) => post("snow", title, "2025-11-23", "첫눈이 왔습니다.\n\n![창밖](window.png)");
config("새벽 소식");
first_snow("첫눈");
post("tram", "트램", "2025-11-22", "트램을 탔습니다.");
// Not so far off that it would be taken for a slip.
const months = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);
post("later", "나중에", months, "아직 오지 않은 날입니다.");
write("posts/window.png", Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==", "base64"));
write("config/subscribers.yaml", `
- { email: kim@example.net, name: 김새벽 }
- { email: lee@example.net, name: 이아침 }
- { email: park@example.net, language: en }
`);

const read = (path) => readFileSync(join(site, path), "utf8");
const text = (selector) => page.locator(selector).innerText();
const described = (term) => page.locator("div", { has: page.locator(`dt:text-is("${term}")`) }).last().locator("dd").innerText();
const narrow = page.frameLocator(".narrow"), wide = page.frameLocator(".wide");
// Whether a frame shows something, if need be in a moment.
const shows = (frame, words) => until(async () => (await frame.locator("body").innerText()).includes(words));
const changed = (before) => until(async () => (await version()) !== before);
const version = () => page.evaluate(() => document.documentElement.dataset.version);
// Does something, and waits until the page has renewed itself.
async function renewed(by) {
    const before = await version();
    await by();
    same("the page renews itself", await changed(before), true);
}

async function looking() {
    await serve(base, `--preview=${place}`);
    await page.goto(base);
    const width = (frame) => frame.locator("html").evaluate(() => innerWidth);
    same("widths of the frames", [await width(narrow), await width(wide)], [375, 800]);
    for (const frame of [narrow, wide]) same("the post is in the frame", await shows(frame, "첫눈"), true);
    same("the text", /첫눈[^]*트램/.test(await text("#text-part")), true);
    same("the source", /^To: .*kim@example\.net>$[^]*^Content-Type: text\/html/m.test(await text("#source-part")), true);
    same("who is offered", await page.locator("#readers option").evaluateAll((all) => all.map(({ value }) => value)),
        ["kim@example.net", "lee@example.net", "park@example.net"]);
    await picture("preview");
    await audit("the newsletter");
    step("the next issue is shown at 375 and at 800 pixels, as text and as source");
}

async function choosing() {
    same("whose copy it is at first", await described("To"), "김새벽 <kim@example.net>");
    const show = async (fields) => {
        for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).fill(value);
        await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Show" }).click()]);
    };
    await show({ as: "park@example.net" });
    same("whose copy it is", [await described("To"), await narrow.locator("html").getAttribute("lang")], ["park@example.net", "en"]);
    same("the moment, now", await page.locator("header .note").count(), 0);
    same("a post of later, now", (await text("#text-part")).includes("나중에"), false);
    await show({ now: FAR });
    same("the moment", [(await text("header .note")).includes("2099-01-01 08:00:00+09:00, not now"), await shows(wide, "나중에")], [true, true]);
    same("whose copy it is still", await described("To"), "park@example.net");
    await show({ as: "nobody@example.net", now: "tomorrow" });
    same("what cannot be", [await text("main > .note"), await text(".finding")].map((said) => /`(.*?)`/.exec(said)[1]), ["nobody@example.net", "tomorrow"]);
    await audit("the newsletter with a moment that is none");
    step("another subscriber has another copy; another moment is told, and has other posts");
}

// Milliseconds from the write until the page, which nobody touches, has these words in place.
async function milliseconds(words, write_it) {
    await page.evaluate(([words, before]) => {
        window.seen = new Promise((done, fail) => {
            new MutationObserver(() => {
                if (document.documentElement.dataset.version !== before && document.body.innerText.includes(words)) done(Date.now());
            }).observe(document.documentElement, { attributes: true });
            setTimeout(fail, 5_000, new Error(`the page does not come to have “${words}”`));
        });
        window.seen.catch(() => {});
    }, [words, await version()]);
    const start = Date.now();
    write_it();
    return (await page.evaluate(() => window.seen)) - start;
}
// The first of some tries may be slow on a busy machine; it must be possible within 300.
async function soon(what, words, write_it) {
    const times = [];
    for (let again = 1; again <= 5; again += 1) {
        times.push(await milliseconds(words(again), () => write_it(words(again))));
        for (const frame of [narrow, wide]) same("it is in the frame", await shows(frame, words(again)), true);
        await sleep(500);
    }
    const [best, , median] = times.sort((a, b) => a - b);
    if (best >= 300) failed(`${what} takes ${times.join(", ")} ms to be on the page`);
    step(`${what} is on the page ${best} ms after it was written, at best of five; ${median} in the median`);
}

async function writing() {
    await page.goto(weekly);
    await soon("another title of a post", (again) => `첫눈 ${again}`, first_snow);
    await soon("another title of the newsletter", (again) => `새벽 소식 ${again}호`, config);
    await page.locator("#now").fill(FAR.slice(0, 13));
    await renewed(() => first_snow("첫눈 온 날"));
    same("what was typed", await page.locator("#now:focus").inputValue(), FAR.slice(0, 13));
    step("what is being typed stays");
}

// A template is taken into the site's folder, which had none, and changed.
async function shaping() {
    await renewed(() => run("templates", "eject", "digest.html"));
    const built_in = read("templates/digest.html");
    const shape = (words) => write("templates/digest.html", built_in.replace(/<body.*>/, `$&\n<p>${words}</p>`));
    await soon("another template", (again) => `by-hand-${again}`, shape);
    await renewed(() => write("templates/digest.html", `${built_in}\n{% if %}\n`));
    same("a template that cannot be read", (await finding())[1].startsWith(`--> templates/digest.html:${built_in.split("\n").length + 1}`), true);
    await renewed(() => shape("by hand"));
    same("when it is mended", [await page.locator(".finding").count(), await shows(wide, "by hand")], [0, true]);
    step("a template that cannot be read is told with its line, and no more when it is mended");
}

const finding = async () => [await text(".finding p:first-child"), await text(".where")];
async function breaking() {
    await page.goto(weekly);
    await renewed(() => write("posts/tram.md", "---\ntitle: 트램: 첫 시승\ndate: 2025-11-22\n---\n\n트램을 탔습니다.\n"));
    const [said, where] = await finding();
    same("a post that cannot be read", [said.split(":")[0], /^--> posts\/tram\.md:2:\d+$/.test(where)], ["error[front-matter]", true]);
    same("the others", await shows(narrow, "첫눈 온 날"), true);
    await picture("preview-error");
    await audit("the newsletter with a post that cannot be read");
    await renewed(() => post("tram", "트램 2", "2025-11-22", "트램을 또 탔습니다."));
    same("findings when it is mended, and the post", [await page.locator(".finding").count(), await shows(narrow, "트램 2")], [0, true]);
    step("a post that cannot be read is told with its line, and no more when it is mended");
    await renewed(() => config("새벽 소식", "feedz: {}"));
    same("a config that cannot be read", [(await text(".finding")).includes("feedz"), (await finding())[1].split(":")[1]], [true, "6"]);
    await audit("a config that cannot be read");
    await renewed(() => config("저녁 소식"));
    same("when it is mended", [await page.locator(".finding").count(), await text("h1"), await shows(wide, "트램 2")], [0, "저녁 소식", true]);
    step("so is a config");
    await renewed(() => write("config/subscribers.yaml", "- { email: choi@example.net }\n"));
    same("whose copy it is by another list", await described("To"), "choi@example.net");
    step("another list is read anew");
}

async function reading() {
    const rows = () => page.locator("tbody tr").evaluateAll((rows) => rows.map(({ innerText }) => innerText.split(/\s*[\n\t]\s*/).filter(Boolean)));
    await page.goto(`${base}posts`);
    same("posts", (await rows()).map(([title, file, , state]) => [title, file, state]),
        [["첫눈 온 날", "posts/snow.md", "public"], ["트램 2", "posts/tram.md", "public"]]);
    same("those left out", (await text("main")).endsWith(": 1."), true);
    await audit("the posts");
    await Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/preview/file?path=posts%2Fwindow.png") && answer.ok()),
        page.getByRole("link", { name: "첫눈 온 날" }).click()]);
    same("a post", [await text("h1"), await shows(page.frameLocator("iframe"), "첫눈이 왔습니다.")], ["첫눈 온 날", true]);
    await audit("a post");
    await page.goto(`${base}feeds`);
    same("feeds", (await rows()).map(([, ...row]) => row),
        [["rss.xml", "application/rss+xml", "2"], ["atom.xml", "application/atom+xml", "2"], ["feed.json", "application/feed+json", "2"]]);
    await audit("the feeds");
    await page.goto(`${base}feed?path=atom.xml`);
    same("entries", (await page.locator("summary").allInnerTexts()).map((line) => line.split(" 20")[0]), ["첫눈 온 날", "트램 2"]);
    await page.locator("summary").last().click();
    same("an entry's text", await shows(page.frameLocator("[open] iframe"), "트램을 또 탔습니다."), true);
    await audit("a feed");
    step("posts are listed and shown, with their pictures; feeds are, as a reader has them");
}

async function keeping() {
    const wrong = [{ Host: "evil.example" }, { "X-Forwarded-For": "198.51.100.7" }];
    same("whom it is shown", await Promise.all([{}, ...wrong].map((headers) => status(base, headers))), [200, 403, 403]);
    same("complaints", (await end()).filter((said) => !/front-matter|config|template/.test(said)), []);
    same("public/", existsSync(join(site, "public")), false);
    same("issues", JSON.parse((await run("status", "--json")).stdout).issues, []);
    step("it is for this machine alone; nothing was published, and no issue made");
}

await go(looking, choosing, writing, breaking, shaping, reading, keeping);
