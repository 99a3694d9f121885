"""Words that are often misspelt are not, in prose, names and code."""
import re

SLIPS = {
    "recieve": "receive", "seperate": "separate", "occured": "occurred", "occurence": "occurrence", "sucess": "success",
    "begining": "beginning", "existance": "existence", "explicitely": "explicitly", "neccessary": "necessary", "lenght": "length",
    "retreive": "retrieve", "seach": "search", "defualt": "default", "behavour": "behaviour", "prouducer": "producer",
    "embbed": "embed", "transfered": "transferred", "untill": "until", "wich": "which", "worklow": "workflow", "teh": "the",
}
PATTERN = re.compile(r"(?<![a-z])(" + "|".join(SLIPS) + r")", re.I)


def check(root):
    findings = []
    for name in ("Sources", "Tests", "docs", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        path = root / name
        for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
            if file.suffix not in {".swift", ".md", ".c", ".h", ".cpp", ".py"}:
                continue
            for number, line in enumerate([str(file.relative_to(root)), *file.read_text(errors="replace").splitlines()]):
                for slip in PATTERN.findall(line):
                    findings.append(f"{file.relative_to(root)}:{number}: {slip} → {SLIPS[slip.lower()]}")
    return findings


BAD = [{"README.md": "We recieve it.\n"}, {"Sources/A/Prouducer.swift": "\n"}]
GOOD = [{"README.md": "We receive it.\n"}]
