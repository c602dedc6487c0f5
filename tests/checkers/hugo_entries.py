"""Prints what the installed Hugo makes of a site's posts, as JSON. usage: hugo_entries.py SITE_DIR [NOW]

The site is copied; its theme, modules and layouts are left out, and its own shortcodes give their inner text only (a bare
`{{ .Inner }}`), so that what is printed does not depend on a theme. Lists what `hugo` publishes: no drafts, nothing future or
expired at NOW. A build error goes to stderr, with exit code 1."""
import json, os, re, shutil, subprocess, sys, tempfile

FORMATS = ("toml", "yaml", "yml", "json")
CONTENT = (".md", ".markdown", ".mdown", ".html", ".htm", ".org", ".adoc", ".asciidoc", ".ad", ".rst", ".pandoc", ".pdc")
TEXTS = CONTENT + (".txt", ".toml", ".yaml", ".yml", ".json", ".csv", ".xml")
# Not the posts': left out of the copy.
SKIPPED = {"public", "resources", "node_modules", "themes", "static", "layouts", "archetypes", "_vendor"}
# What Hugo 0.111 has built in; those that ask the network are replaced, and so is one that later versions have.
EMBEDDED = {"figure", "gist", "highlight", "param", "ref", "relref", "vimeo", "youtube"}
REPLACED = {
    "comment": "{{ $none := .Inner }}",
    "instagram": '<a href="https://www.instagram.com/p/{{ .Get 0 }}/">instagram</a>',
    "tweet": '<a href="https://twitter.com/i/status/{{ .Get "id" | default (.Get 0) }}">tweet</a>',
    "twitter": '<a href="https://twitter.com/i/status/{{ .Get "id" | default (.Get 0) }}">tweet</a>',
    "vimeo_simple": '<a href="https://vimeo.com/{{ .Get "id" | default (.Get 0) }}">vimeo</a>',
}
SENTINEL = "tidings-entries:"
HOME = r"""{{- $form := "2006-01-02T15:04:05Z07:00" -}}
{{- $names := slice "tags" "categories" -}}
{{- range $name, $_ := .Site.Taxonomies }}{{ $names = $names | append $name }}{{ end -}}
{{- range $page := .Site.RegularPages -}}
{{- $terms := dict }}{{ $titles := dict -}}
{{- range $name := uniq $names -}}
{{- $terms = merge $terms (dict $name (index $page.Params $name)) -}}
{{- $found := slice }}{{ range $page.GetTerms $name }}{{ $found = $found | append .Title }}{{ end -}}
{{- $titles = merge $titles (dict $name $found) -}}
{{- end -}}
{{- $dates := dict -}}
{{- range $key, $date := (dict "date" .Date "lastmod" .Lastmod "publishDate" .PublishDate "expiryDate" .ExpiryDate) -}}
{{- if not $date.IsZero }}{{ $dates = merge $dates (dict $key ($date.Format $form)) }}{{ end -}}
{{- end -}}
{{- $translations := slice }}{{ range .Translations }}{{ $translations = $translations | append .Permalink }}{{ end -}}
{{- $file := "" }}{{ with .File }}{{ $file = .Filename }}{{ end -}}
{{- $entry := dict "source" $file "url" .Permalink "title" .Title "lang" .Language.Lang "section" .Section "type" .Type
  "draft" .Draft "description" .Description "keywords" .Keywords "author" .Params.author "authors" .Params.authors
  "aliases" .Aliases "dates" $dates "terms" $terms "term_titles" $titles "translations" $translations
  "html" .Content "summary" .Summary "truncated" .Truncated "plain" .Plain -}}
{{ print "tidings-entries:" ($entry | jsonify) "\n" | safeHTML }}
{{- end -}}
"""


def fail(text):
    sys.stderr.write(text.rstrip() + "\n")
    sys.exit(1)


def hugo(site, *arguments):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("HUGO")}
    run = subprocess.run(["hugo", *arguments, "--source", site], capture_output=True, text=True, errors="replace",
                         env=clean | {"HUGO_CACHEDIR": os.path.join(site, ".cache")})
    if run.returncode:
        fail(run.stdout + run.stderr)
    return run.stdout + run.stderr


def parsed(paths):
    """The config files, read by Hugo itself: one small site that writes each as JSON."""
    with tempfile.TemporaryDirectory() as site:
        os.makedirs(f"{site}/assets")
        os.makedirs(f"{site}/layouts")
        template = ""
        for number, path in enumerate(paths):
            name = f"{number}.{path.rsplit('.', 1)[1].replace('yml', 'yaml')}"
            shutil.copy(path, f"{site}/assets/{name}")
            if open(path, encoding="utf-8-sig", errors="replace").read().strip():
                template += f'{{{{ with resources.Get "{name}" }}}}{{{{ print "{SENTINEL}{number} " ' \
                            '(transform.Unmarshal . | jsonify) "\\n" | safeHTML }}{{ end }}'
        open(f"{site}/hugo.json", "w").write('{"disableKinds":["page","section","taxonomy","term","RSS","sitemap","404"]}')
        open(f"{site}/layouts/index.html", "w").write(template)
        hugo(site, "--quiet")
        found = {}
        for line in open(f"{site}/public/index.html", encoding="utf-8"):
            if line.startswith(SENTINEL):
                number, text = line[len(SENTINEL):].split(" ", 1)
                found[int(number)] = json.loads(text)
        return [found.get(number) or {} for number in range(len(paths))]


def merged(base, over):
    """Maps merged as Hugo merges a config folder: keys in any case, the later value wins."""
    for key, value in over.items():
        key = next((known for known in base if known.lower() == key.lower()), key)
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merged(base[key], value)
        else:
            base[key] = value
    return base


def settings(site):
    files = []  # (path, the keys under which it goes)
    for stem in ("hugo", "config"):
        path = next((f"{site}/{stem}.{ext}" for ext in FORMATS if os.path.isfile(f"{site}/{stem}.{ext}")), None)
        if path:
            files.append((path, []))
            break
    for folder in ("_default", "production"):
        for above, _, names in sorted(os.walk(f"{site}/config/{folder}")):
            for name in sorted(names):
                stem, _, ext = name.rpartition(".")
                if ext not in FORMATS:
                    continue
                stem, _, language = stem.partition(".")
                keys = [] if stem in ("config", "hugo") else [stem]
                if language:
                    keys = ["languages", language] + ([stem] if stem in ("menu", "menus", "params") else [])
                files.append((f"{above}/{name}", keys))
    if not files:
        fail(f"{site}: no Hugo config")
    whole = {}
    for (_, keys), value in zip(files, parsed([path for path, _ in files])):
        for key in reversed(keys):
            value = {key: value}
        merged(whole, value)
    return whole


def taken(config, name, default=None):
    """Removes a key, in any case, and returns its value."""
    for key in list(config):
        if key.lower() == name.lower():
            return config.pop(key)
    return default


def tame(config, site):
    """The same settings without theme, modules and outputs, so that only the posts matter."""
    module = taken(config, "module") or {}
    mounts = [mount for mount in taken(module, "mounts") or [] if str(mount.get("target", "")).split("/")[0] == "content"
              and os.path.exists(os.path.join(site, mount.get("source", "")))]
    if mounts:
        config["module"] = {"mounts": mounts}
    for name in ("theme", "themesDir", "outputs", "layoutDir", "minify", "enableGitInfo", "disableAliases", "deployment", "publishDir",
                 "refLinksErrorLevel", "security", "timeout", "ignoreErrors", "staticDir", "archetypeDir", "resourceDir",
                 "cacheDir", "caches", "build", "buildDrafts", "buildFuture", "buildExpired", "newContentEditor"):
        taken(config, name)
    for language in (next((value for key, value in config.items() if key.lower() == "languages"), None) or {}).values():
        if isinstance(language, dict):
            for name in ("outputs", "staticDir"):
                taken(language, name)
    kinds = {str(kind).lower() for kind in taken(config, "disableKinds") or []} - {"home"}
    config |= {"disableKinds": sorted(kinds | {"rss", "sitemap", "robotstxt", "404"}), "disableAliases": True,
               "refLinksErrorLevel": "warning", "timeout": "300s", "ignoreErrors": ["error-remote-getjson"]}
    return config


def content_roots(config):
    """Where posts are, with the site's other text folders, for the scan for shortcodes."""
    roots = {"content"}
    languages = next((value for key, value in config.items() if key.lower() == "languages"), None) or {}
    for one in [config, *(language for language in languages.values() if isinstance(language, dict))]:
        roots |= {value.strip("/") for key, value in one.items() if key.lower() == "contentdir" and isinstance(value, str)}
    roots |= {mount["source"].strip("/") for mount in (config.get("module") or {}).get("mounts", [])}
    return roots


def copy(source, target, roots):
    """Copies the site, links followed once, pictures and films as empty files."""
    seen = set()
    kept = {root.split("/")[0] for root in roots}

    def folder(above, below, top):
        real = os.path.realpath(above)
        if real in seen:
            return
        seen.add(real)
        os.makedirs(below, exist_ok=True)
        for name in os.listdir(above):
            path, to = os.path.join(above, name), os.path.join(below, name)
            if name == ".git" or top and name in SKIPPED - kept:
                continue
            if os.path.isdir(path):
                folder(path, to, False)
            elif os.path.isfile(path) and name.lower().endswith(TEXTS):
                shutil.copyfile(path, to)
            elif os.path.isfile(path):
                open(to, "w").close()

    folder(source, target, True)


def stub_shortcodes(source, site, roots):
    """Writes a template for each shortcode that is not Hugo's: with inner text where it is closed somewhere."""
    opened = re.compile(r"\{\{([<%])(\s*)([A-Za-z0-9_][\w./-]*)((?:`[^`]*`|\"(?:\\.|[^\"\\])*\"|[^`\"])*?)(\s*)(/?)([>%])\}\}", re.S)
    closed = re.compile(r"\{\{[<%]\s*/\s*([\w./-]+)\s*[>%]\}\}")
    texts, names, closing = {}, set(), set()
    for root in roots:
        for above, _, files in os.walk(os.path.join(site, root)):
            for name in files:
                if name.lower().endswith(CONTENT):
                    path = os.path.join(above, name)
                    text = open(path, "rb").read().decode("utf-8", "surrogateescape")
                    if "{{<" in text or "{{%" in text:
                        texts[path] = text
                        names |= {found[3] for found in opened.finditer(text)}
                        closing |= set(closed.findall(text))
    own = {}
    for above, _, files in os.walk(os.path.join(source, "layouts", "shortcodes")):
        for name in files:
            path = os.path.join(above, name)
            key = os.path.relpath(path, os.path.join(source, "layouts", "shortcodes")).split(".")[0]
            own[key] = own.get(key, False) or ".Inner" in open(path, encoding="utf-8", errors="replace").read()
    names = {name for name in names | closing | set(own) if not name.endswith(".inline")} - EMBEDDED
    inner = {name for name in names if own.get(name, False) or name in closing}
    for name in names:
        path = os.path.join(site, "layouts", "shortcodes", name + ".html")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(REPLACED.get(name, "{{ .Inner }}" if name in inner else ""))
    # A theme's shortcode that is closed in one place and stands alone in another: alone, it closes itself.
    for path, text in texts.items():
        alone = []
        stack = []
        for tag in sorted([*opened.finditer(text), *closed.finditer(text)], key=lambda tag: tag.start()):
            if tag.re is closed:
                if any(open_tag[3] == tag[1] for open_tag in stack):
                    while stack[-1][3] != tag[1]:
                        alone.append(stack.pop())
                    stack.pop()
            elif tag[3] in inner and not tag[6]:
                stack.append(tag)
        alone = [tag for tag in alone + stack if tag[3] not in own]
        if alone:
            for tag in sorted(alone, key=lambda tag: -tag.start()):
                text = text[:tag.end() - 3] + " /" + text[tag.end() - 3:]
            open(path, "wb").write(text.encode("utf-8", "surrogateescape"))


def listed(value):
    """A taxonomy's terms as written in the front matter, taken as Hugo takes them: one string is one term, null is none."""
    members = value if isinstance(value, list) else [value]
    members = [str(one).lower() if isinstance(one, bool) else one for one in members]
    return [str(one) for one in members if isinstance(one, (str, int, float)) and one != ""]


def entries(source, now=None):
    config = settings(source)
    roots = content_roots(config)
    with tempfile.TemporaryDirectory() as folder:
        site = os.path.join(os.path.realpath(folder), "site")
        copy(source, site, roots)
        config = tame(config, site)
        roots = content_roots(config)
        shutil.rmtree(f"{site}/config", ignore_errors=True)
        for stem in ("hugo", "config"):
            for ext in FORMATS:
                if os.path.exists(f"{site}/{stem}.{ext}"):
                    os.remove(f"{site}/{stem}.{ext}")
        open(f"{site}/hugo.json", "w").write(json.dumps(config))
        stub_shortcodes(source, site, roots)
        os.makedirs(f"{site}/layouts/_default", exist_ok=True)
        for name in ("index.html", "_default/list.html", "_default/home.html"):
            with open(f"{site}/layouts/{name}", "w") as out:
                out.write("{{ if .IsHome }}" + HOME + "{{ end }}")
        said = hugo(site, "--quiet", *(["--clock", now] if now else []))
        found = []
        for above, _, files in os.walk(f"{site}/public"):
            for name in files:
                if name.endswith(".html"):
                    for line in open(os.path.join(above, name), encoding="utf-8", errors="replace"):
                        if line.startswith(SENTINEL):
                            found.append(json.loads(line[len(SENTINEL):]))
        if said.strip():
            sys.stderr.write(said.replace(site + "/", ""))
        for entry in found:
            entry["source"] = os.path.relpath(entry["source"], site)
            entry["terms"] = {name: listed(value) for name, value in entry["terms"].items()}
            dates = entry.pop("dates")
            entry |= {name.lower(): dates.get(name) for name in ("date", "lastmod", "publishDate", "expiryDate")}
        return sorted(found, key=lambda entry: (entry["source"], entry["lang"]))


if __name__ == "__main__":
    json.dump(entries(os.path.abspath(sys.argv[1]), *sys.argv[2:3]), sys.stdout, ensure_ascii=False, indent=1)
    print()
