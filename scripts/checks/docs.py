"""Commands, links and headings that the documentation names exist."""
import re

COMMAND = re.compile(r"struct\s+(\w+)\s*:[^{]*ParsableCommand")
NAME = re.compile(r'commandName:\s*"([a-z-]+)"')
PARTS = re.compile(r"subcommands:\s*\[([^\]]*)\]", re.S)
FENCE = re.compile(r"^[ \t]*```.*?^[ \t]*```[ \t]*$", re.M | re.S)


def commands(root):
    """Each command of the command line with the names of its subcommands."""
    found = {}
    for source in sorted((root / "Sources" / "CLI").rglob("*.swift")):
        text = source.read_text()
        starts = list(COMMAND.finditer(text))
        for match, following in zip(starts, starts[1:] + [None]):
            body = text[match.end(): following.start() if following else len(text)]
            name = NAME.search(body)
            parts = PARTS.search(body)
            own = name.group(1) if name else re.sub(r"(?<=[a-z])(?=[A-Z])", "-", match.group(1)).lower()
            found[(source, match.group(1))] = (own, re.findall(r"(\w+)\.self", parts.group(1)) if parts else [])
    named = {}
    for (source, _), (own, parts) in found.items():
        # A subcommand is nested, in the same file, or a type of its own.
        resolved = {(found.get((source, part)) or next((v for (_, n), v in found.items() if n == part), (part.lower(),)))[0] for part in parts}
        named[own] = named.get(own, set()) | resolved
    return named


def slug(heading):
    return re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).strip().lower()).replace(" ", "-")


def headings(text):
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.M)}


def spoken(text):
    """Commands in code spans, and lines of code blocks; prose that begins with `make` or `hearth` is neither."""
    prose = FENCE.sub("", text)
    yield from re.findall(r"`([^`\n]+)`", prose)
    for block in FENCE.findall(text):
        for line in block.splitlines()[1:-1]:
            yield from re.split(r"&&|\|\||[;|]", line.split(" #")[0])


def check(root):
    findings = []
    makefile = root / "Makefile"
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile.read_text(), re.M)) if makefile.exists() else set()
    known = commands(root)
    for page in sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *root.glob("Benchmarks/*.md"), *root.glob("deploy/**/*.md")]):
        text = page.read_text()
        where = page.relative_to(root)
        for code in spoken(text):
            words = code.strip().removeprefix("$ ").removeprefix("swift run ").removeprefix(".build/release/").split()
            plain = []
            for word in words[1:]:
                if not re.fullmatch(r"[a-z][a-z-]*", word):
                    break
                plain.append(word)
            if words[:1] == ["make"]:
                findings += [f"{where}: there is no `make {name}`" for name in plain if name not in targets]
            if words[:1] == ["hearth"] and plain:
                if plain[0] not in known.get("hearth", set()):
                    findings.append(f"{where}: there is no `hearth {plain[0]}`")
                elif len(plain) > 1 and known.get(plain[0]) and plain[1] not in known[plain[0]]:
                    findings.append(f"{where}: there is no `hearth {plain[0]} {plain[1]}`")
            if words and re.fullmatch(r"(?:\./)?scripts/[\w-]+", words[0]) and not (root / words[0]).exists():
                findings.append(f"{where}: there is no {words[0]}")
        for path, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)", FENCE.sub("", text)):
            target = page.parent / path if path else page
            if not target.exists():
                findings.append(f"{where}: the link {path} leads nowhere")
            elif anchor and target.suffix == ".md" and anchor not in headings(target.read_text()):
                findings.append(f"{where}: {path} has no heading #{anchor}")
    return sorted(set(findings))


_CLI = ('struct HearthCommand: AsyncParsableCommand {\n    static let configuration = CommandConfiguration(\n        commandName: "hearth", '
        'subcommands: [AskCommand.self, TasksCommand.self])\n}\nstruct AskCommand: AsyncParsableCommand {\n    // commandName: "ask"\n}\n'
        'struct TasksCommand: AsyncParsableCommand {\n    // commandName: "tasks", subcommands: [Show.self, DeadLetters.self]\n'
        "    struct Show: AsyncParsableCommand {}\n    struct DeadLetters: ParsableCommand {}\n}\n")
_FILES = {"Makefile": "run:\n", "Sources/CLI/a.swift": _CLI}
BAD = [
    {**_FILES, "README.md": "Run `make nothing`.\n"},
    {**_FILES, "README.md": "```sh\n$ make run nothing\n```\n"},
    {**_FILES, "README.md": "`hearth fly`\n"},
    {**_FILES, "docs/a.md": "```\n.build/release/hearth tasks vanish # gone\n```\n"},
    {**_FILES, "README.md": "See [this](missing.md).\n"},
    {**_FILES, "README.md": "# Here\n\n[there](#there)\n"},
    {**_FILES, "README.md": "`scripts/missing`\n"},
]
GOOD = [{**_FILES, "README.md": "# A `b` c\n`make run`, `hearth ask where`, `hearth tasks dead-letters`, [this](Makefile), [that](#a-b-c)\n"
                                "hearth sleeps and\nmake does\n```sh\nhearth ask \"a b\" && make run\n```\n[far](https://example.org/a)\n"}]
