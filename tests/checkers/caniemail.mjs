// What caniemail.com's data says that mail programs lack of the mails named on the command line: a line for each feature and mail, with
// the programs. Run from a folder in which npm has installed the package.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const home = createRequire(`${process.cwd()}/package.json`).resolve("caniemail/package.json");
const { caniemail } = await import(pathToFileURL(home.replace("package.json", "dist/index.js")));
const clients = [
  "apple-mail.macos", "apple-mail.ios", "gmail.desktop-webmail", "gmail.ios", "gmail.android", "outlook.windows",
  "outlook.macos", "outlook.ios", "outlook.android", "yahoo.desktop-webmail", "samsung-email.android", "thunderbird.macos",
];

// The package throws where there is no data for a program: the property is taken out, and the rest looked at.
function missing(client, html) {
  for (;;) {
    try {
      return (caniemail({ clients: [client], html }).issues.errors.get(client) ?? []).map(({ title }) => title);
    } catch (error) {
      const title = /Feature "(.+?)" not found/.exec(error.message)?.[1];
      const rest = title && html.replaceAll(new RegExp(`\\b${title.replace(/ property$/, "")}: ?[^;"]*;?`, "g"), "");
      if (!title || rest === html) throw error;
      html = rest;
    }
  }
}

for (const path of process.argv.slice(2)) {
  const html = readFileSync(path, "utf8");
  const found = new Map();
  for (const client of clients)
    for (const title of missing(client, html)) found.set(title, (found.get(title) ?? new Set()).add(client));
  for (const [title, names] of [...found].sort())
    console.log(`${basename(path, ".html")}: ${title}: ${[...names].sort().join(", ")}`);
}
