"""Words that are often misspelt are not, in prose, names and code."""
import re

SLIPS = {
    "accross": "across", "adress": "address", "agressive": "aggressive", "allready": "already",
    "alot": "a lot", "arguement": "argument", "asyncronous": "asynchronous", "avaliable": "available", "availible": "available",
    "becuase": "because", "begining": "beginning", "behavour": "behaviour", "beleive": "believe", "calender": "calendar",
    "cancelation": "cancellation", "concurent": "concurrent", "consistant": "consistent", "correspondance": "correspondence",
    "defualt": "default", "dependancy": "dependency", "definately": "definitely", "doesnt": "does not", "embbed": "embed",
    "enviroment": "environment", "excecute": "execute", "existance": "existence", "explicitely": "explicitly", "funtion": "function",
    "garantee": "guarantee", "heigth": "height", "immediatly": "immediately", "independant": "independent", "infomation": "information",
    "lenght": "length", "maintainance": "maintenance", "mesage": "message", "neccessary": "necessary", "occured": "occurred",
    "occurence": "occurrence", "ocurred": "occurred", "paramter": "parameter", "persistant": "persistent", "posible": "possible",
    "preceed": "precede", "prefered": "preferred", "privilage": "privilege", "procede": "proceed", "prouducer": "producer",
    "publically": "publicly", "querry": "query", "reciept": "receipt", "recieve": "receive", "recomend": "recommend",
    "refered": "referred", "relevent": "relevant", "retreive": "retrieve", "retreival": "retrieval", "seach": "search",
    "seperate": "separate", "seperator": "separator", "similiar": "similar", "succesful": "successful", "sucess": "success",
    "supress": "suppress", "teh": "the", "thier": "their", "threshhold": "threshold", "transfered": "transferred", "truely": "truly",
    "untill": "until", "usefull": "useful", "wich": "which", "worklow": "workflow",
}
STEMS = re.compile("(" + "|".join(sorted(SLIPS, key=len, reverse=True)) + ")")
# Short slips are whole words only: longer words may begin with them.
WHOLE = {"alot", "teh", "wich"}
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
ENDINGS = {".swift", ".md", ".c", ".h", ".cpp", ".inc", ".py", ".html", ".js", ".yaml", ""}


def slip_in(word):
    match = STEMS.match(word.lower())
    return match.group() if match and (match.group() not in WHOLE or match.group() == word.lower()) else None


def check(root):
    findings = []
    for name in ("Sources", "Tests", "Benchmarks", "docs", "deploy", "scripts", ".ci", "Makefile", *sorted(page.name for page in root.glob("*.md"))):
        path = root / name
        for file in [path] if path.is_file() else sorted(found for found in path.rglob("*") if found.is_file()):
            where = file.relative_to(root)
            if file.suffix not in ENDINGS or {".build", "__pycache__"} & set(where.parts) or where.as_posix() == "scripts/checks/spelling.py":
                continue
            for number, line in enumerate([where.as_posix(), *file.read_text(errors="replace").splitlines()]):
                for word in WORD.findall(line):
                    slip = slip_in(word)
                    if slip:
                        findings.append(f"{where}{f':{number}' if number else ' (its name)'}: {word} → {SLIPS[slip]}")
    return findings


BAD = [{"README.md": "We recieve it.\n"}, {"Sources/A/Prouducer.swift": "\n"}, {"Sources/A/a.swift": "let maxLenghtInBytes = 1\n"},
       {"scripts/a": "# Wich one\n"}]
GOOD = [{"README.md": "We receive it, which tells the length; a sandwich, Tehran.\n"}]
