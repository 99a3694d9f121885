"""Commands and links in the documentation exist."""
import re

SUBCOMMAND = re.compile(r'commandName:\s*"([a-z-]+)"')


def check(root):
    findings = []
    makefile = root / "Makefile"
    targets = set(re.findall(r"^([a-z-]+):", makefile.read_text(), re.M)) if makefile.exists() else set()
    commands = set()
    for source in (root / "Sources" / "CLI").rglob("*.swift"):
        commands |= set(SUBCOMMAND.findall(source.read_text()))
    for page in sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")]):
        text = page.read_text()
        where = page.relative_to(root)
        for code in re.findall(r"`([^`\n]+)`", text) + re.findall(r"^(?:\$ )?((?:make|hearth) .*)$", text, re.M):
            words = code.split()
            if len(words) > 1 and words[0] == "make" and re.fullmatch(r"[a-z-]+", words[1]) and words[1] not in targets:
                findings.append(f"{where}: there is no `make {words[1]}`")
            if len(words) > 1 and words[0] == "hearth" and re.fullmatch(r"[a-z-]+", words[1]) and words[1] not in commands:
                findings.append(f"{where}: there is no `hearth {words[1]}`")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            if not (page.parent / link).exists():
                findings.append(f"{where}: the link {link} leads nowhere")
    return findings


BAD = [{"README.md": "Run `make nothing`.\n", "Makefile": "run:\n"}, {"README.md": "See [this](missing.md).\n"},
       {"README.md": "`hearth fly`\n", "Sources/CLI/a.swift": 'commandName: "ask"\n'}]
GOOD = [{"README.md": "`make run`, `hearth ask`, [this](Makefile)\n", "Makefile": "run:\n", "Sources/CLI/a.swift": 'commandName: "ask"\n'}]
