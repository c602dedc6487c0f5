// What the walks through the owner's pages share, as in life.mjs: telling what is not as it should be, a site of their own, the program, axe.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

const [modules, tidings, pictures] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const walk = basename(process.argv[1], ".mjs");

let is_so = true; // nothing has failed since the last step
export function failed(words) {
    is_so = false;
    process.exitCode = 1;
    console.error(`${walk}: FAILED: ${words}`);
}
export function same(what, found, expected) {
    if (isDeepStrictEqual(found, expected)) return;
    failed(`${what}\n  expected: ${JSON.stringify(expected)}\n  found:    ${JSON.stringify(found)}`);
}
export function step(words) {
    console.log(`${walk}: ${is_so ? "" : "NOT ALL OF: "}${words}`);
    is_so = true;
}
// Whether `ready` gives something within some seconds.
export async function until(ready, seconds = 5) {
    for (const end = Date.now() + 1000 * seconds; !(await ready()); await sleep(50)) if (Date.now() > end) return false;
    return true;
}
// The same of what comes to be so: it is asked again and again, as a page may be loading.
export async function comes(what, ask, expected) {
    let found;
    await until(async () => isDeepStrictEqual(found = await ask().catch(({ message }) => message), expected));
    same(what, found, expected);
}

// The site and the program, as a server and as a command.
export const site = mkdtempSync(join(tmpdir(), `tidings-${walk}-`));
export function write(path, text) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), text);
}
export async function free_port() {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address();
    await once(probe.close(), "close");
    return port;
}
const children = [];
export const execute = (program, words, env) => new Promise((done) => {
    const answer = (error, stdout, stderr) => done({ code: error ? error.code ?? "none" : 0, stdout, stderr });
    children.push(execFile(program, words, { cwd: site, env: { ...process.env, ...env }, timeout: 60_000 }, answer));
});
export const run = (...command) => execute(tidings, ["-C", site, ...command]);
let server, heard;
// Whatever happens, no server stays.
process.on("exit", () => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(site, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
export async function serve(place, ...options) {
    heard = "";
    server = spawn(tidings, ["-C", site, "serve", ...options], { stdio: ["ignore", "ignore", "pipe"] });
    children.push(server);
    server.stderr.setEncoding("utf8").on("data", (text) => { heard += text; });
    const is_there = () => server.exitCode !== null || fetch(place).then(() => true, () => false);
    if (!(await until(is_there)) || server.exitCode !== null) throw new Error(`the server does not begin: ${heard}`);
}
// Ends it; gives what it has complained of.
export async function end() {
    server.kill("SIGTERM");
    same("how the server ends", await once(server, "exit", { signal: AbortSignal.timeout(15_000) }), [0, null]);
    return heard.match(/^(error|warning).*$/gm) ?? [];
}
// Status of an answer; `fetch` would not send another `Host`.
export const status = (place, headers = {}, method = "GET") => new Promise((done, fail) => {
    request(place, { headers, method }, (answer) => done(answer.resume().statusCode)).on("error", fail).end();
});

// The browser, which may ask nobody but this machine, and must be forbidden nothing that its pages want.
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "ko-KR" });
context.setDefaultTimeout(5_000);
export const page = await context.newPage();
page.on("request", (asked) => { if (!/^(http:\/\/127\.0\.0\.1:|data:)/.test(asked.url())) failed(`asked of another host: ${asked.url()}`); });
page.on("console", (said) => { if (said.type() === "error") failed(`${page.url()}: ${said.text()}`); });
export async function picture(name) {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}
let looks = 0;
// What axe says of the page, in light and dark, on a desk and in a hand. What is in frames is another's page.
export async function audit(name) {
    looks += 1;
    await page.evaluate(axe);
    for (const [width, height] of [[375, 812], [1280, 900]]) {
        await page.setViewportSize({ width, height });
        for (const colorScheme of ["dark", "light"]) {
            await page.emulateMedia({ colorScheme });
            const { violations } = await page.evaluate(() => axe.run({ iframes: false, resultTypes: ["violations"] }));
            const bad = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
            same(`axe at ${name}, ${colorScheme}, ${width}`, bad.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
        }
        same(`${name} fits into ${width} pixels`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    }
}

export async function go(...walks) {
    for (const walk of walks) {
        is_so = true;
        await walk().catch((error) => failed(`${error.stack}\n  at ${page.url()}`));
    }
    await browser.close();
    step(`axe looked ${looks} times, each in light and dark at 1280 and 375 pixels; nothing was asked of other hosts`);
    process.exit();
}
