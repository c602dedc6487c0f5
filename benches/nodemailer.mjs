// nodemailer's pool at work on what tidings sends, for benches/mail.sh.
// node nodemailer.mjs NODE_MODULES PORT COUNT CONNECTIONS MAIL.json [KEY.pem]; MAIL.json has `from`, `subject`, `text`, `html` and the
// `link` in both that each recipient has their own of.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, port, count, connections, file, key] = process.argv.slice(2);
const nodemailer = createRequire(`${modules}/`)("nodemailer");
const mail = JSON.parse(readFileSync(file, "utf8"));
const dkim = key && { domainName: "example.com", keySelector: "one", privateKey: readFileSync(key, "utf8") };
const pool = nodemailer.createTransport({
    pool: true, host: "127.0.0.1", port: Number(port), secure: false, ignoreTLS: true,
    maxConnections: Number(connections), maxMessages: Infinity, ...(dkim && { dkim }),
});
const own = (text, link) => text.replaceAll(mail.link, link);

let next = 0;

async function feed() {
    for (let n = next++; n < count; n = next++) {
        const link = `${mail.link.slice(0, -8)}${String(n).padStart(8, "0")}`;
        await pool.sendMail({
            from: mail.from, to: { name: `독자 ${n}`, address: `reader${n}@example.net` }, subject: mail.subject,
            headers: { "List-Unsubscribe": `<${link}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
            text: own(mail.text, link), html: own(mail.html, link),
            textEncoding: "base64", // the faster of its encodings
        });
    }
}

await Promise.all(Array.from({ length: 2 * connections }, feed));
pool.close();
