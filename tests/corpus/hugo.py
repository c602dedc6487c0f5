"""Messy Hugo blogs, for comparing: python3 hugo.py OUT_DIR [SEED] [POSTS] writes four of them to OUT_DIR/NAME/."""
import json, os, random, shutil, sys, unicodedata

SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 3
POSTS = int(sys.argv[3]) if len(sys.argv) > 3 else 150
HERE = sys.argv[1]
R = random.Random(SEED)
P = lambda chance: R.random() < chance
pick = R.choice
Q, B, N = '"', '\\', '\n'

KO = "바다 산길 저녁 서버 배포 설정 코드 함수 골목 고양이 책장 편지 기차 봄비 가을 아침 커피 자전거 시장 우체국 변수 타입 캐시 로그 빌드 테스트 화면 단추 지도 섬 등대 파도 바람 달빛 그림자 국수 두부 김치 연필 공책 창문 문턱 의자 노래 소리 약속 여행 가방".split()
KOJ = ["은", "는", "이", "가", "을", "를", "의", "에", "에서", "으로", "와", "과", "도", "만", "까지", "부터", ""]
KOV = "걷습니다 읽었다 고쳤습니다 만들었다 지웠습니다 옮겼다 느리다 빠릅니다 좋았다 어렵습니다 열었다 닫습니다 기다렸다 돌아왔습니다 보았다 들었습니다".split()
EN = "harbour lantern server deploy config parser token garden bicycle letter train window autumn coffee island ferry cache buffer thread socket kernel pencil notebook recipe noodle kitten alley market signal bridge river stone meadow engine gear".split()
ENV = "walks reads fixes builds removes moves waits opens closes returns breaks compiles sings drifts glows fails".split()
ENA = "small quiet broken early late slow fast green wooden strange careful lazy bright".split()
HAN = "山 水 道 花 月 星 風 雨 東京 北京 記憶 旅行".split()
EMOJI = ["🌊", "🎉", "👍", "☕", "🚲", "🐈", "✨"]
CODES = [":smile:", ":tada:", ":+1:", ":rocket:", ":heart:", ":not_one:", ":coffee:"]


class Blog:
    def __init__(self, name, english=0.3, features=()):
        self.name, self.english, self.features = name, english, set(features)
        self.root = os.path.join(HERE, name)
        self.slugs = []

    # --- words
    def word(self):
        return pick(EN) if P(self.english) else pick(KO)

    def clause(self):
        if P(self.english):
            return f"{pick(['the', 'a', 'my', 'this'])} {pick(ENA)} {pick(EN)} {pick(ENV)}"
        return f"{pick(KO)}{pick(KOJ)} {pick(KO)}{pick(KOJ)} {pick(KOV)}"

    def bit(self, depth=0):
        """One inline thing."""
        w = self.word()
        j = pick(KOJ)
        kinds = [
            lambda: f"**{w}**{j}", lambda: f"**{w}({pick(EN)})**{j}", lambda: f'**"{w}"**{j}', lambda: f"*{w}*{j}", lambda: f"_{w}_ ", lambda: f"__{w}__",
            lambda: f"_{w}_{j}", lambda: f"***{w}***", lambda: f"**{w}.**{j}", lambda: f"~~{w}~~", lambda: f"~~{w}.~~{j}", lambda: f"`{pick(EN)}_{pick(EN)}`{j}",
            lambda: f"``a `{pick(EN)}` b``", lambda: f"`<{pick(EN)}>`", lambda: f"[{w}](https://{pick(EN)}.example/{pick(EN)}?a=1&b=2)", lambda: f"[{w}](/{pick(EN)}/)",
            lambda: f'[{w}](https://{pick(EN)}.example "{pick(EN)} \'t\'")', lambda: f"[{w}](<https://{pick(EN)}.example/a b>)", lambda: f"[{w}](https://{pick(EN)}.example/{pick(KO)})",
            lambda: f"![{w}](/img/{pick(EN)}.png)", lambda: f'![{w} *{pick(EN)}*](img/{pick(EN)}.jpg "{w}")', lambda: f"[![{w}](a.png)](https://{pick(EN)}.example)",
            lambda: f"<https://{pick(EN)}.example/>", lambda: f"https://{pick(EN)}.example/{pick(EN)}_{pick(EN)}.", lambda: f"(https://{pick(EN)}.example/a)", lambda: f"www.{pick(EN)}.example{j}", lambda: f"{pick(EN)}@mail.example",
            lambda: f'"{self.clause()}"', lambda: f"'{w}'{j}", lambda: f'"{w}"{j}', lambda: f"it's {w}'s", lambda: f"'90s", lambda: f"{w}...", lambda: f"{w} -- {w}", lambda: f"{w}---{w}", lambda: f"<<{w}>>",
            lambda: f"“{w}”{j}", lambda: f"({w}), [{w}] {{{w}}}", lambda: f"{w} & {w} < {w} > {w}", lambda: "&copy; &nbsp;&#8217;&amp;", lambda: f"\\*{w}\\* \\_{w}\\_ \\`", lambda: f"{R.randint(1, 99)}% {R.randint(1990, 2024)}-{R.randint(1, 12):02}-{R.randint(1, 28):02}",
            lambda: f"${pick('abxy')}_{R.randint(1, 9)} + {pick('abxy')}_2 * 3$", lambda: f"$$\\frac{{a}}{{b_{R.randint(1, 9)}}}$$", lambda: f"\\({pick('abxy')}^2\\)",
            lambda: f"<kbd>{pick(EN)}</kbd>", lambda: f'<span style="color:red">{w}</span>{j}', lambda: f"<b>{w}</b>{j}", lambda: "<br>", lambda: "<br/>", lambda: f"<!-- {w} -->", lambda: f"<a href='/x'>{w}</a>", lambda: f"H<sub>2</sub>O",
            lambda: pick(EMOJI), lambda: pick(CODES), lambda: f"{w}:smile:{w}", lambda: f"==`{w}`==", lambda: f"{w}^2^ H~2~O", lambda: f"*{w} **{w}** {w}*", lambda: f"**{w} *{w}*{j}**{j}", lambda: f"** {w} **", lambda: f"*{w}", lambda: f"{w}_{pick(EN)}_{w}",
            lambda: f"\u3000{pick(HAN)}", lambda: f"{pick(HAN)}{w}", lambda: f"#{w}", lambda: f"@{pick(EN)}", lambda: f"{w}\u00a0{w}", lambda: f"C:\\{pick(EN)}\\{pick(EN)}", lambda: f"{pick(EN)}::{pick(EN)}<T>()", lambda: "1/2 (c) (tm) +-", lambda: f"6'2\" {w}",
            lambda: f"{{{{ {pick(EN)} }}}}", lambda: "{% raw %}", lambda: f"{{{{</* {pick(EN)} */>}}}}", lambda: f'{{{{%/* {pick(EN)} "a" */%}}}}',
            lambda: '{{< param slogan >}}', lambda: f'{{{{< badge "{w}" >}}}}', lambda: f"{{{{< color red >}}}}{w}{{{{< /color >}}}}{j}", lambda: f"{{{{% color red %}}}}**{w}**{{{{% /color %}}}}{j}",
        ]
        return pick(kinds)()

    def sentence(self):
        parts = [self.clause()]
        for _ in range(R.randint(0, 2)):
            if P(0.45):
                parts.append(self.bit())
            parts.append(self.clause())
        end = pick([".", ".", ".", "?", "!", "…", "", "~", ":)", "다."])
        text = pick([" ", " ", ", "]).join(parts) + end
        return text[0].upper() + text[1:] if text[0].isalpha() else text

    def text(self, most=4):
        out = ""
        for n in range(R.randint(1, most)):
            out += (pick([" ", " ", "\n", "  \n", "\\\n", "\n"]) if n else "") + self.sentence()
        # A line must not begin a block by accident of chance more often than it would in a real post.
        return out

    # --- blocks
    def block(self, note):
        w, t = self.word, self.text
        kinds = [
            (14, lambda: t()),
            (4, lambda: f"{'#' * R.randint(1, 4)} {self.clause()} {pick(['', '', pick(EMOJI), '`' + pick(EN) + '`', '**' + w() + '**', '& ' + w(), '#', '(' + w() + ')', Q + w() + Q, '- ' + w(), '1.2', 'C++'])}"),
            (1, lambda: f"## {w()} {{#{pick(EN)}-{R.randint(1, 99)}}}"), (1, lambda: f"### {w()} {{.cls key={Q}v{Q}}}"), (1, lambda: f"{self.clause()}\n{pick(['===', '-----'])}"), (0.5, lambda: f"##{w()}"),
            (4, lambda: "\n".join(f"{pick(['-', '-', '*'])if False else '-'} {self.sentence()}" for _ in range(R.randint(2, 5)))),
            (1, lambda: "\n\n".join(f"* {self.sentence()}" for _ in range(R.randint(2, 4)))),
            (1, lambda: f"- {self.sentence()}\n    - {self.sentence()}\n    - {self.sentence()}\n- {self.sentence()}"), (1, lambda: f"- {self.sentence()}\n  - {self.sentence()}\n\n    {self.text(2)}\n- {w()}"),
            (1, lambda: "\n".join(f"{n}. {self.sentence()}" for n in range(1, R.randint(3, 6)))), (0.6, lambda: f"{R.randint(2, 20)}. {w()}\n{R.randint(2, 20)}. {w()}"), (0.6, lambda: f"1) {w()}\n2) {w()}"),
            (1, lambda: f"- [ ] {w()}\n- [x] {self.sentence()}\n- [X] {w()}"), (0.7, lambda: f"1. {w()}\n\n   ```sh\n   $ {pick(EN)} --{pick(EN)}\n   ```\n\n2. {w()}"),
            (2, lambda: f"> {self.sentence()}\n> {self.sentence()}"), (0.6, lambda: f"> {self.sentence()}\n{self.sentence()}\n>\n> > {w()}\n>\n> - {w()}"), (0.5, lambda: f"> [!NOTE]\n> {self.sentence()}"),
            (3, lambda: f"```{pick(['go', 'python', 'rust', 'bash', 'js', 'yaml', 'text', '', 'html', 'c++', 'mermaid', 'diff', 'json', 'Dockerfile'])}\n{self.code()}\n```"),
            (1, lambda: f"```{pick(['go', 'python', 'bash'])} {{{pick(['linenos=true', 'linenos=table,hl_lines=[1]', 'hl_lines=[' + Q + '1-2' + Q + ']', 'linenos=inline linenostart=5', '.cls'])}}}\n{self.code()}\n```"),
            (0.6, lambda: f"~~~\n{self.code()}\n~~~"), (0.5, lambda: f"    {pick(EN)}({pick(EN)})\n    # {w()}"), (0.4, lambda: f"````md\n```\n{w()}\n```\n````"), (0.3, lambda: f"```{pick(EN)}\n{self.code()}"[:0] or f"```\n```"),
            (2, lambda: self.table()), (1, lambda: f"{w()}\n: {self.sentence()}\n: {self.sentence()}\n\n{w()}\n: {w()}"),
            (1.5, lambda: note()), (0.8, lambda: f"{self.clause()}[^{pick('ab')}]. {self.clause()}."), (0.7, lambda: pick(["---", "***", "* * *", "___"])),
            (1, lambda: f'<div class="{pick(EN)}">\n{self.sentence()}\n</div>'), (0.8, lambda: f"<div>\n\n{self.text(2)}\n\n</div>"), (0.8, lambda: f"<details>\n<summary>{w()}</summary>\n\n{self.sentence()}\n\n</details>"),
            (0.5, lambda: f'<p align="center"><img src="/a.png" width="30"></p>'), (0.6, lambda: f"<br>\n\n{t(2)}"), (0.5, lambda: f"<br>\n{t(1)}"), (0.4, lambda: f"<!-- {self.sentence()}\n\n{w()} -->"), (0.4, lambda: f'<iframe src="https://video.example/{pick(EN)}" width="5"></iframe>'), (0.3, lambda: "<style>\np { color: red }\n\nb { }\n</style>"), (0.3, lambda: '<script>\nif (a < b) { c("*d*") }\n</script>'), (0.4, lambda: f"<center>{self.sentence()}</center>"), (0.3, lambda: f"<ul><li>{w()}</li>\n<li>**{w()}**</li></ul>"),
            (1, lambda: f"$$\na_{R.randint(1, 9)} = \\sum_{{i}} b_i * c_i * d\n$$"), (0.5, lambda: "$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n$$"), (0.3, lambda: "\\\\[ x^2 \\\\]"),
            (1, lambda: f'{{{{< figure src="/img/{pick(EN)}.png" {pick(["", "title=" + Q + w() + " *t*" + Q, "caption=" + Q + self.sentence().replace(Q, "").replace("`", "").replace("{", "").replace(B, "").replace(N, " ") + Q, "alt=`" + w() + "`", "link=" + Q + "https://a.example" + Q + " width=30"])} >}}}}'),
            (0.5, lambda: f"{{{{< youtube {pick(EN)}{R.randint(100, 999)} >}}}}"), (0.3, lambda: f'{{{{< vimeo {R.randint(1000, 9999)} >}}}}'), (0.3, lambda: f"{{{{< gist {pick(EN)} {R.randint(1000, 9999)}ab >}}}}"), (0.3, lambda: f"{{{{< tweet user={Q}{pick(EN)}{Q} id={Q}{R.randint(10**15, 10**16)}{Q} >}}}}"),
            (0.8, lambda: f"{{{{< highlight {pick(['go', 'python', 'html'])} {pick(['', Q + 'linenos=table' + Q])} >}}}}\n{self.code()}\n{{{{< /highlight >}}}}"),
            (1, lambda: f"{{{{< box >}}}}\n{t(2)}\n{{{{< /box >}}}}"), (1, lambda: f"{{{{% box title=\"{w()}\" %}}}}\n{t(2)}\n\n- {w()}\n- {w()}\n{{{{% /box %}}}}"), (0.6, lambda: f"{{{{% notice tip %}}}}\n{t(2)}\n{{{{% /notice %}}}}"), (0.6, lambda: f"{{{{< notice \"warning\" >}}}}{self.sentence()}{{{{< /notice >}}}}"),
            (0.5, lambda: f"{{{{< box >}}}}\n{{{{% notice a=\"b\" %}}}}{self.sentence()}{{{{% /notice %}}}}\n{{{{< /box >}}}}"), (0.5, lambda: f"{{{{< toc >}}}}"), (0.3, lambda: "{{% toc %}}"), (0.4, lambda: f"{{{{< tabs >}}}}\n{{{{< tab \"{w()}\" >}}}}\n{self.sentence()}\n{{{{< /tab >}}}}\n{{{{< tab \"{w()}\" >}}}}\n```go\n{pick(EN)}\n```\n{{{{< /tab >}}}}\n{{{{< /tabs >}}}}"), (0.3, lambda: f"- {w()}\n\n  {{{{< box >}}}}{w()}{{{{< /box >}}}}\n\n- {w()}"),
            (0.6, lambda: self.reference()), (0.5, lambda: f"[{w()}][r1] [r2][] [r2]\n\n[r1]: https://{pick(EN)}.example/ \"{w()}\"\n[r2]: <https://b.example/{pick(KO)}>"), (0.4, lambda: f"{t(1)}\n{{.lead}}"), (0.3, lambda: f"*[HTML]: {w()}"), (0.3, lambda: "[TOC]"), (0.2, lambda: "\f"), (0.3, lambda: f"\t{w()}"), (0.4, lambda: f"{w()}\n- {w()}\n- {w()}"), (0.3, lambda: f"|{w()}|"),
        ]
        return R.choices([k[1] for k in kinds], [k[0] for k in kinds])[0]()

    def code(self):
        lines = [f"func {pick(EN)}() {{", f"    {pick(EN)} = \"{pick(KO)} <b>\"", f"# {pick(KO)} 주석", f"if a && b || !c {{", f"print('{pick(EN)}')", "", "}", f"<div class=\"{pick(EN)}\">{pick(KO)}</div>", "\treturn x * y * z", f"$ {pick(EN)} | {pick(EN)} > out", "- item: **bold**", "{{ .Title }}", "// it's -- a ... \"comment\"", ":smile:", f"@@ -1,2 +1,2 @@\n-{pick(EN)}\n+{pick(EN)}"]
        return "\n".join(pick(lines) for _ in range(R.randint(1, 6))).strip("\n") or "x"

    def table(self):
        columns = R.randint(2, 4)
        edge = pick(["|", "|", ""])
        row = lambda cells: (edge + " " + " | ".join(cells) + " " + edge).strip()
        cell = lambda: pick([self.word(), self.bit().replace("\n", " ").replace("|", "/"), f"`{pick(EN)}`", "a \\| b", "", self.clause(), "<br>"]) or "x"
        out = [row([self.word() for _ in range(columns)]), row([pick(["---", ":--", ":-:", "--:"]) for _ in range(columns)])]
        out += [row([cell() for _ in range(max(1, columns + pick([0, 0, 0, -1, 1])))]) for _ in range(R.randint(1, 4))]
        return "\n".join(out)

    def reference(self):
        if not self.slugs:
            return self.text(1)
        kind = pick(["ref", "relref"])
        target = pick(self.slugs)
        return f"[{self.word()}]({{{{{pick(['<', '<'])} {kind} \"{target}{pick(['', '', '#' + pick(EN)])}\" >}}}}) {self.sentence()}"

    def body(self):
        marks, defined = [], []

        def note():
            mark = pick([str(len(marks) + 1), "a" + str(len(marks)), pick(KO) + str(len(marks))])
            marks.append(mark)
            return f"{self.clause()}[^{mark}]. {self.sentence()}"

        blocks = [self.block(note) for _ in range(R.randint(2, 14))]
        if P(0.25):
            blocks.insert(R.randint(1, min(4, len(blocks))), pick(["<!--more-->", "<!--more-->", "<!-- more -->", "<!--more--> " + self.word()]))
        elif P(0.05):
            blocks.insert(1, self.clause() + ". <!--more--> " + self.clause() + ".")
        blocks += [f"[^{mark}]: {self.sentence()}" + (f"\n\n    {self.sentence()}" if P(0.2) else "") for mark in marks if P(0.9)]
        return pick(["\n\n", "\n\n", "\n\n", "\n\n\n"]).join(blocks) + pick(["\n", "\n", "", "\n\n"])

    # --- front matter
    def title(self):
        t = pick([self.clause(), f"{self.word()} {self.word()}", f"[{self.word()}] {self.clause()}", f"{self.word()}: {self.clause()}", f"'{self.word()}' -- {self.word()}...", f"{self.word()} & <{pick(EN)}>", f"**{self.word()}** `{pick(EN)}`", f"\"{self.word()}\" {pick(EMOJI)}", f"C++ {self.word()} #{R.randint(1, 9)}", f"{self.word()} ({R.randint(1, 9)}/{R.randint(1, 9)})", f"{R.randint(1, 100)}% {self.word()}", f"{pick(HAN)} {self.word()}", f"{self.word()}?!", f"it's {self.word()}", f"{self.word()}&amp;{self.word()}", f"{pick(CODES)} {self.word()}", "Café " + self.word(), f"{self.word()} \\ {self.word()}", f"{self.word()}, {self.word()} / {self.word()}"])
        return t

    def term(self):
        return pick([self.word(), self.word(), f"{self.word()} {self.word()}", pick(EN).title(), pick(EN).upper(), f"{pick(EN)}/{pick(EN)}", "C++", "C#", ".NET", f"#{self.word()}", f"{self.word()}&{self.word()}", f"{pick(EN)}_{pick(EN)}", f" {self.word()} ", f"{self.word()}, {self.word()}", pick(EMOJI), "Node.js", "1.10", "100%"])

    def named(self, n):
        w = self.word
        return pick([f"{w()}-{w()}", f"{w()} {w()}", f"{pick(EN).title()}_{pick(EN)}", f"{w()}({R.randint(1, 9)})", f"{w()} & {w()}", f"{w()}, {w()}", f"{w()}+{w()}", f"{R.randint(1, 99)}% {w()}", f"{w()}'s {w()}", f"[{w()}] {w()}", f"{pick(EN)}.{R.randint(1, 9)}.{R.randint(0, 9)}", f"{w()}--{w()}", f"{w()} - {w()}", f"{pick(EN).upper()}", f"{w()}!", f"{w()}~{w()}", f"{w()}@{w()}", f"{pick(HAN)}{w()}", f"{pick(EMOJI)} {w()}", f"{w()}#{R.randint(1, 9)}", f"{w()};{w()}", f"{w()}={w()}", f"-{w()}-", f"{w()}_", f"café {w()}", f"{w()}…{w()}", f"“{w()}”", unicodedata.normalize("NFD", w() + " " + w()) if False else w(), f"{w()}%20{w()}", f"{w()}·{w()}", f"{w()}：{w()}", f"{{{w()}}}", f"{w()}$", f"{R.randint(1, 999):03}"]) + f"{pick(['-', ' ', '_'])}{n}"

    def day(self):
        return f"{R.randint(2008, 2025)}-{R.randint(1, 12):02}-{R.randint(1, 28):02}"

    def when(self, form):
        day, time = self.day(), f"{R.randint(0, 23):02}:{R.randint(0, 59):02}:{R.randint(0, 59):02}"
        good = [day, day, f"{day} {time}", f"{day}T{time}", f"{day}T{time}+09:00", f"{day}T{time}+09:00", f"{day}T{time}Z", f"{day}T{time}-07:00", f"{day} {time}+09:00", f"{day}T{time}.{R.randint(1, 999)}+09:00"]
        if form == "toml" and P(0.8):
            return pick(good), True
        text = pick(good + [f"{day} {time} +0900", f"{day} {time} +09:00", f"{day}T{time}+0900", f"{day} {time} +0900 KST"] + ([f"{day} {time[:5]}", f"{day.replace('-', '/')}", f"{day.replace('-', '.')}", f"{day} {time} KST", f"{day[:7]}", f"{day[:4]}년 1월 2일", f"{day} {time} + 0900", f"{R.randint(10**8, 17 * 10**8)}", f"{day.replace('-0', '-')}", f"{day} {time[1:] if time[0] == '0' else time}", ""] if P(0.15) else []))
        return text, False

    def front(self, n):
        form = pick(self.forms)
        f = {}
        if P(0.97):
            f["title"] = self.title()
        dated = []
        if P(0.96):
            dated.append(("date", *self.when(form)))
        if P(0.15):
            dated.append((pick(["lastmod", "lastmod", "modified"]), *self.when(form)))
        if P(0.04):
            dated.append(("publishDate", *self.when(form)))
        if P(0.02):
            dated.append(("expiryDate", *pick([self.when(form), (f"{self.day()}", False), ("2199-01-01", False)])))
        if P(0.02):
            dated[:1] = [("date", "2199-05-05", False)]
        if P(0.8):
            f["tags"] = [self.term() for _ in range(R.randint(0, 5))]
        elif P(0.4):
            f["tags"] = pick([self.term(), f"{self.word()}, {self.word()}", None, True, 2024, [None, self.word(), 7, True, 1.5], [[self.word()], self.word()], ""])
        if P(0.5):
            f["categories"] = pick([[self.word()], [self.word(), self.word()], self.word(), []])
        if P(0.15):
            f["series"] = pick([[self.word()], self.word()])
        if P(0.3):
            f["description"] = self.sentence().replace("\n", " ")
        if P(0.1):
            f["summary"] = self.sentence().replace("\n", " ")
        if P(0.06):
            f["draft"] = pick([True, True, False, "true", "false"])
        elif P(0.3):
            f["draft"] = False
        if P(0.2):
            f["slug"] = pick([pick(EN) + "-" + str(n), f"{self.word()} {self.word()} {n}", f"{pick(EN).title()}_{n}!", f"{pick(EN)}/{pick(EN)}-{n}", f"{n}", f"{self.word()}-{n}.html"])
        if P(0.06):
            f["url"] = pick([f"/{pick(EN)}/{n}/", f"/{pick(EN)}/{self.word()} {n}.html", f"{pick(EN)}/{n}", f"/{pick(EN).title()}/{n}/", f"/{self.word()}/{n}", f"{pick(EN)}-{n}.html"])
        if P(0.1):
            f["aliases"] = [f"/old/{n}/", f"{pick(EN)}-{n}"]
        if P(0.1):
            f["isCJKLanguage"] = pick([True, False])
        if P(0.03):
            f["_build"] = pick([{"list": "never"}, {"render": "never"}, {"list": "local"}, {"publishResources": False}])
        if P(0.02):
            f["headless"] = True
        if P(0.3):
            f["author"] = pick([self.word(), [self.word(), self.word()]])
        if P(0.2):
            f["weight"] = R.randint(1, 50)
        if P(0.03):
            f["type"] = pick(["page", "note"])
        if P(0.05):
            f["keywords"] = [self.word()]
        if P(0.04):
            f["layout"] = "wide"
        case = pick([str, str, str, str, str, str, str.title, str.upper]) if P(0.15) else str
        key = lambda k: case(k) if k not in ("_build",) else k
        if form == "json":
            f |= {k: v for k, v, _ in dated}
            return json.dumps({key(k): v for k, v in f.items()}, ensure_ascii=False, indent=pick([None, 1, 2])) + "\n\n"
        if form == "toml":
            def value(v):
                if isinstance(v, bool):
                    return str(v).lower()
                if isinstance(v, (int, float)):
                    return str(v)
                if v is None:
                    return '""'
                if isinstance(v, list):
                    return "[" + ", ".join(value(x) for x in v) + "]"
                if isinstance(v, dict):
                    return "{" + ", ".join(f"{k} = {value(x)}" for k, x in v.items()) + "}"
                return f"'{v}'" if "'" not in v and P(0.2) else json.dumps(v, ensure_ascii=False)
            lines = [f"{key(k)} = {value(v)}" for k, v in f.items()] + [f"{key(k)} = {v if bare else json.dumps(v, ensure_ascii=False)}" for k, v, bare in dated]
            R.shuffle(lines)
            if P(0.1):
                lines += ["[extra]", "a = 1"]
            return "+++\n" + "\n".join(lines) + "\n+++\n" + pick(["", "\n"])
        def plain(v):
            if isinstance(v, str):
                bare = v and v == v.strip() and not any(c in v for c in ":#[]{},&*!|>'\"%@`\\?") and not v.startswith("-") and v.lower() not in ("true", "false", "null")
                try:
                    float(v); bare = False
                except ValueError:
                    pass
                return v if bare and P(0.7) else ("'" + v.replace("'", "''") + "'" if P(0.4) else json.dumps(v, ensure_ascii=False))
            return {None: pick(["", "null", "~"]), True: pick(["true", "yes", "True"]), False: "false"}.get(v, str(v)) if not isinstance(v, (list, dict, int)) or isinstance(v, bool) else json.dumps(v, ensure_ascii=False)
        lines = []
        for k, v in f.items():
            if isinstance(v, list) and v and P(0.5) and all(isinstance(x, str) for x in v):
                indent = pick(["", "  "])
                lines.append(f"{key(k)}:\n" + "\n".join(f"{indent}- {plain(x)}" for x in v))
            elif isinstance(v, list) and all(isinstance(x, str) for x in v):
                lines.append(f"{key(k)}: [" + ", ".join(plain(x) for x in v) + "]")
            elif isinstance(v, str) and k == "description" and P(0.15) and v:
                lines.append(f"{key(k)}: {pick(['>', '|', '>-'])}\n  {v}")
            else:
                lines.append(f"{key(k)}: {plain(v)}")
        lines += [f"{key(k)}: {v if P(0.6) or not v else pick([Q, chr(39)]).join(['', v, ''])}" for k, v, _ in dated]
        if P(0.5):
            R.shuffle(lines)
        if P(0.1):
            lines.insert(0, "# " + self.word())
        return "---" + pick(["", "", "", " "]) + "\n" + "\n".join(lines) + "\n---" + pick(["", "", "", "  "]) + "\n" + pick(["", "\n"])

    def write(self, path, text, mess=True):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        data = text
        if mess and P(0.04):
            data = data.replace("\n", "\r\n")
        data = data.encode()
        if mess and P(0.03):
            data = b"\xef\xbb\xbf" + data
        elif mess and P(0.02):
            data = b"\n\n" + data
        with open(full, "wb") as out:
            out.write(data)

    def make(self, config, sections, posts, forms=("yaml", "yaml", "yaml", "toml", "json"), languages=("",), folders=("content",), dated=0.3, extra=None):
        shutil.rmtree(self.root, ignore_errors=True)
        self.forms = forms
        for path, text in config.items():
            self.write(path, text, mess=False)
        for n in range(posts):
            section = pick(sections)
            if P(0.08):
                section = os.path.join(section, pick([self.word(), f"{self.word()} {self.word()}", pick(EN).title()]))
            name = self.named(n)
            if P(dated):
                name = pick([f"{self.day()}-{name}", f"{self.day()}-{name}", f"{self.day()}_{name}", f"{self.day()}"]) if P(0.97) else f"{self.day()}-{name}"
                if name[10:] == "":
                    name += f"-{n}"
            name = name.replace("/", "-")
            folder = pick(folders)
            language = pick(languages)
            text = self.front(n) + self.body()
            if P(0.15):
                self.write(f"{folder}/{section}/{name}/index{language}.md", text)
                if P(0.3):
                    self.write(f"{folder}/{section}/{name}/other.md", self.front(n) + self.body())
                if P(0.5):
                    self.write(f"{folder}/{section}/{name}/pic.png", "x", mess=False)
            elif P(0.03):
                self.write(f"{folder}/{section}/{name}{language}.html", self.front(n) + f"<p>{self.word()} **{self.word()}** {{{{< badge \"x\" >}}}}</p>\n")
            else:
                self.write(f"{folder}/{section}/{name}{language}.md", text)
                if not language and P(0.5) and "date" not in name and folder == folders[0] and not any(c in name for c in "\"#`%"):
                    self.slugs.append(f"/{section}/{name}.md") if "isn" not in name else None
                if P(0.05) and len(languages) > 1:
                    self.write(f"{folder}/{section}/{name}{pick(languages)}.md", self.front(n) + self.body())


SHORT = {"layouts/shortcodes/box.html": '<div class="box">{{ .Inner }}</div>', "layouts/shortcodes/badge.html": "<i>{{ .Get 0 }}</i>"}


def sites():
    b = Blog("ko", 0.2)
    b.make({**SHORT, "hugo.toml": '''baseURL = "https://ko.example/"
title = "큰 블로그"
languageCode = "ko-kr"
defaultContentLanguage = "ko"
timeZone = "Asia/Seoul"
enableEmoji = true
hasCJKLanguage = true
theme = ["none"]
ignoreFiles = ['/_wip/']
[params]
slogan = "한 걸음 *더*"
mainSections = ["posts"]
[permalinks]
posts = "/:year/:month/:day/:slug/"
notes = "/:sections/:title/"
[taxonomies]
tag = "tags"
category = "categories"
series = "series"
[markup.goldmark.renderer]
unsafe = true
''', "content/posts/_index.md": "---\ntitle: 글\ncascade:\n  author: 기본\n---\n", "content/notes/_index.md": "+++\ntitle = '쪽지'\n[[cascade]]\nseries = ['물려받음']\n+++\n"}, ["posts", "posts", "posts/dev", "notes", "notes/Deep Folder", "misc", "."], POSTS)
    yield b
    b = Blog("en", 0.9)
    b.make({**SHORT, "config.yaml": '''baseURL: https://en.example/blog
title: Big Blog
languageCode: en-us
theme: none
paginate: 10
summaryLength: 25
params:
  slogan: "one step *more*"
permalinks:
  post: /:slugorfilename/
  essay: /essays/:year/:title
  tips: /t/:yearday-:weekdayname/:monthname/:filename/
markup:
  goldmark:
    renderer:
      unsafe: false
'''}, ["post", "post", "essay", "tips", "plain", "Upper Section", "."], POSTS, forms=("yaml", "yaml", "toml"))
    yield b
    b = Blog("multi", 0.5)
    b.make({**SHORT, "config/_default/hugo.toml": '''baseURL = "https://multi.example/"
title = "두 말"
defaultContentLanguage = "en"
defaultContentLanguageInSubdir = false
uglyURLs = true
timeZone = "Europe/Berlin"
enableEmoji = false
[frontmatter]
date = [":filename", "date", "publishDate", "lastmod"]
lastmod = ["lastmod", ":default"]
publishDate = ["publishDate", "date"]
''', "config/_default/languages.toml": '''[en]
weight = 1
languageName = "English"
[en.params]
slogan = "step"
[ko]
weight = 2
languageName = "한국어"
[ko.params]
slogan = "걸음"
''', "config/_default/permalinks.toml": 'log = "/:year/:month/:filename/"\n', "config/_default/markup.yaml": "goldmark:\n  renderer: {unsafe: true, hardWraps: true}\n  parser: {autoHeadingIDType: github-ascii}\n", "content/log/_index.md": "---\ntitle: log\n---\n", "content/log/_index.ko.md": "---\ntitle: 기록\n---\n"}, ["log", "log", "wiki", "wiki/Sub", "."], POSTS, languages=("", "", ".ko", ".en"), dated=0.6)
    yield b
    b = Blog("mess", 0.4)
    b.make({**SHORT, "config.json": json.dumps({"baseURL": "https://mess.example/a/b/", "title": "Mess", "defaultContentLanguage": "ko", "timeZone": "America/New_York", "removePathAccents": True, "disablePathToLower": True, "enableEmoji": True, "params": {"slogan": "x < y & \"z\""}, "permalinks": {"blog": "/:section/:year-:month-:day-:slug/", "/": "/p/:title/"}, "taxonomies": {"tag": "tags", "series": "series"}, "markup": {"goldmark": {"renderer": {"unsafe": True, "xhtml": True}, "extensions": {"typographer": {"ellipsis": "…", "leftDoubleQuote": "«", "rightDoubleQuote": "»"}} if False else {"typographer": False, "linkify": False, "definitionList": False, "footnote": True}, "parser": {"attribute": {"block": True}}}}, "languages": {"ko": {"contentDir": "content/korean", "weight": 1}, "en": {"contentDir": "content/english", "weight": 2, "title": "Mess EN"}}}, ensure_ascii=False, indent=1)}, ["blog", "blog", "blog/2020", "Notes Of Mine", "."], POSTS, folders=("content/korean", "content/korean", "content/english"), forms=("yaml", "toml", "toml", "json"))
    yield b


for _ in sites():
    pass
