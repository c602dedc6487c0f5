#!/usr/bin/env python3
"""Replays the console blocks of a page, in their order, in one fresh folder, and compares what comes out with what the page says.

    replay.py [--show] [--site FOLDER] PAGE [PROGRAM]

PROGRAM is the tidings to run, default target/release/tidings; --show prints what came out instead; --site begins in a copy of that folder, `blog`.

In a page:
  ```console     `$ COMMAND`, lines of it that go on as `> …`, what it prints on either stream, `? 1` where it ends with another code
                 than 0, `...` for output that is left out, `^C` at the end of a command that runs until it is interrupted
  <!-- run: --now 2026-11-23T09:00:00+09:00 -->     before a block: arguments that every `tidings` in it gets first
  <!-- file: PATH -->                               before a block of any language: the reader saves it as that file
  <!-- append: PATH -->                             before a block: the reader adds it to that file
  <!-- in: PATH -->                                 before a YAML block: the reader puts its keys into that file, in place of those of the
                                                    same names
The folder is `/home/minji` to the reader, the program `/usr/local/bin/tidings`, and `serve` gets ports that are free."""
import os, re, select, shutil, signal, subprocess, sys, tempfile, time

HOME, PROGRAM = "/home/minji", "/usr/local/bin/tidings"
ITEM = re.compile(r"(?P<marks>(?:<!-- [^\n]* -->\n)*)```(?P<language>\w*)\n(?P<text>.*?)^```$", re.S | re.M)


def commands(block):
    """(command, expected lines, exit code, whether it is interrupted) of a console block."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], [], 0, False])
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0] += "\n" + line[2:]
        elif re.fullmatch(r"\? \d+", line):
            found[-1][2] = int(line[2:])
        elif line == "^C":
            found[-1][3] = True
        else:
            found[-1][1].append(line)
    return found


def fits(expected, got):
    """Whether lines are as expected, `...` standing for any number of them."""
    if not expected:
        return not got
    if expected[0] == "...":
        return any(fits(expected[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and expected[0] == got[0] and fits(expected[1:], got[1:])


class Reader:
    def __init__(self, program):
        self.program = os.path.realpath(program)
        self.root = tempfile.mkdtemp(prefix="replay-")
        self.home = self.root + HOME
        os.makedirs(self.home)
        os.makedirs(self.root + "/bin")
        os.symlink(self.program, self.root + "/bin/tidings")
        self.cwd = self.home
        self.env = {"PATH": self.root + "/bin:/usr/bin:/bin", "HOME": self.home, "LANG": "C.UTF-8", "TZ": "Asia/Seoul"}

    def save(self, path, text):
        path = os.path.join(self.cwd, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def put(self, path, text):
        """Keys at the left margin, with what stands below them, in place of those of the same names."""
        with open(os.path.join(self.cwd, path)) as file:
            sections = re.split(r"^(?=\w+:)", file.read(), flags=re.M)
        names = re.findall(r"^\w+:", text, re.M)
        self.save(path, "".join(one for one in sections if not one.startswith(tuple(names))) + text)

    def run(self, command, arguments, lines, interrupted):
        if arguments:
            command = re.sub(r"(^|[|&;] *)tidings ", rf"\1tidings {arguments} ", command)
        command = re.sub(r"serve --preview\b(?!=)", "serve --listen 127.0.0.1:0 --preview=127.0.0.1:0", command)
        place = self.root + "/cwd"
        script = f"cd \"$CWD\" || exit\n{command}\ncode=$?\npwd > {place}\nexit $code"
        child = subprocess.Popen(["bash", "-c", script], env={**self.env, "CWD": self.cwd}, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        out, until = b"", time.time() + 60
        while time.time() < until:
            if select.select([child.stdout], [], [], 0.1)[0]:
                some = os.read(child.stdout.fileno(), 1 << 16)
                if not some:
                    break
                out += some
            if interrupted and out.count(b"\n") >= lines:
                os.killpg(child.pid, signal.SIGINT)
                interrupted = False
        else:
            os.killpg(child.pid, signal.SIGKILL)
        code = child.wait()
        if os.path.exists(place):
            with open(place) as file:
                self.cwd = file.read().strip()
        out = out.decode().replace(self.program, PROGRAM).replace(self.home, HOME)
        return code, out.splitlines()


def plain(lines):
    return [re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", line).rstrip() for line in lines]


def main():
    words = sys.argv[1:]
    show = "--show" in words and not words.remove("--show")
    site = words.pop(words.index("--site") + 1) if "--site" in words else None
    page, *program = [word for word in words if word != "--site"]
    with open(page) as file:
        text = file.read()
    reader, wrong, count = Reader(*program or ["target/release/tidings"]), 0, 0
    if site:
        shutil.copytree(site, reader.cwd + "/blog")
        reader.cwd += "/blog"
    for item in ITEM.finditer(text):
        marks = dict(re.findall(r"<!-- (\w+):? ?(.*?) -->", item["marks"]))
        if "file" in marks:
            reader.save(marks["file"], item["text"])
        if "append" in marks:
            with open(os.path.join(reader.cwd, marks["append"])) as file:
                reader.save(marks["append"], file.read() + item["text"])
        if "in" in marks:
            reader.put(marks["in"], item["text"])
        if item["language"] != "console":
            continue
        for command, expected, code, interrupted in commands(item["text"]):
            count += 1
            ended, got = reader.run(command, marks.get("run", ""), len(expected), interrupted)
            if show:
                print("$ " + command, *got, *([f"? {ended}"] if ended else []), sep="\n")
                continue
            # A program that is interrupted ends as it likes.
            if fits(plain(expected), plain(got)) and (interrupted or ended == code):
                continue
            wrong += 1
            print(f"{page}: $ {command}\n--- the page says (exit code {code})", *expected, f"--- it printed (exit code {ended})", *got, "", sep="\n")
    shutil.rmtree(reader.root)
    print(f"{page}: {count} commands, {wrong} otherwise than the page says")
    sys.exit(wrong > 0)


main()
