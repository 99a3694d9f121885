"""Asks the 20 questions through the openai SDK and counts the answers that cite the right place.

    acceptance.py --binary PATH [--data DIRECTORY] [--verbose]
"""

import argparse
import pathlib
import shutil
import sys
import sysconfig
import tempfile
import time

import openai

import hearth_process
from acceptance_questions import HEARTH, HUMMINGBIRD, IGNORED, PYTHON, QUESTIONS

NEEDED = 18
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PYTHON_PARTS = [
    "asyncio", "concurrent", "http", "json", "logging", "sqlite3", "urllib", "configparser.py", "csv.py", "difflib.py",
    "heapq.py", "queue.py", "selectors.py", "shutil.py", "socketserver.py", "textwrap.py",
]


def sources(folder):
    """The three codebases as folders."""
    package = REPOSITORY / ".build" / "checkouts" / "hummingbird"
    if not package.is_dir():
        sys.exit(f"acceptance: {package} is not there. Run: swift package resolve")
    library = folder / "python"
    library.mkdir()
    standard = pathlib.Path(sysconfig.get_path("stdlib"))
    for part in PYTHON_PARTS:
        if (standard / part).is_dir():
            shutil.copytree(standard / part, library / part, ignore=shutil.ignore_patterns("__pycache__", "test*"))
        elif (standard / part).exists():
            shutil.copy(standard / part, library / part)
    return {HEARTH: REPOSITORY, HUMMINGBIRD: package, PYTHON: library}


def check(root, report, places):
    """Whether a citation is right, and where the first citation points. A citation that does not exist is an error."""
    first = "no citation"
    is_right = False
    for number, citation in enumerate(report["citations"]):
        lines = (root / citation["path"]).read_text(errors="replace").split("\n")
        begin, end = citation["start_line"], citation["end_line"]
        if not 1 <= begin <= end <= len(lines):
            raise SystemExit(f"acceptance: a citation names lines that do not exist: {citation}")
        if number == 0:
            first = f"{citation['path']}:{begin}-{end}"
        text = "\n".join(lines[begin - 1:end])
        for path, wanted in places:
            if citation["path"].endswith(path) and wanted in text and not is_right:
                is_right, first = True, f"{citation['path']}:{begin}-{end}"
    return is_right, first


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--data", help="keep the data here, so that a second run need not ingest again")
    parser.add_argument("--verbose", action="store_true", help="print the answers")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting for the server; repeatable")
    options = parser.parse_args()
    hearth_process.BINARY = str(pathlib.Path(options.binary).resolve())
    home = hearth_process.Home(path=pathlib.Path(options.data).resolve() if options.data else None)
    settings = dict(value.split("=", 1) for value in options.set)
    server = None
    try:
        roots = sources(home.folder)
        if options.data:
            # A project's source must stay where it is from run to run.
            kept = pathlib.Path(options.data).resolve().parent / "acceptance-python"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(roots[PYTHON], kept)
            roots[PYTHON] = kept
        for project, root in roots.items():
            started = time.monotonic()
            ignored = [part for pattern in IGNORED for part in ("--ignore", pattern)] if project == HEARTH else []
            result = home.run("ingest", str(root), "--project", project, *ignored, "--json", deadline=1800)
            if result.status != 0:
                sys.exit(f"acceptance: ingesting {root} failed: {result}")
            index = result.json["index"]
            print(f"{project}: {index['documents']} files, {index['passages']} chunks, {time.monotonic() - started:.0f} s", flush=True)
        server = home.serve({"generator.kind": "extractive", "ingest.interval_seconds": "3600", **settings})
        right = ask(server, roots, options.verbose)
    finally:
        if server:
            server.stop()
        home.close()
    print(f"{right} of {len(QUESTIONS)}")
    sys.exit(0 if right >= NEEDED else 1)


def ask(server, roots, is_verbose):
    right = 0
    with openai.OpenAI(base_url=server.url + "/v1", api_key="unused") as client:
        for number, (project, question, places) in enumerate(QUESTIONS, 1):
            started = time.monotonic()
            answer = client.chat.completions.create(
                model=f"hearth/{project}", messages=[{"role": "user", "content": question}], temperature=0, seed=1)
            seconds = time.monotonic() - started
            is_right, first = check(roots[project], answer.hearth, places)
            right += is_right
            mark = "right" if is_right else "WRONG"
            print(f"{number:2}  {mark}  {seconds:5.2f} s  {project:11}  {question}\n{'':19}{first}", flush=True)
            if not is_right:
                places_known = [f"{p['path']}:{p['start_line']}-{p['end_line']}" for p in answer.hearth["passages"]]
                print(f"{'':19}wanted {places}\n{'':19}passages {places_known}")
            if is_verbose:
                print("\n".join("      | " + line for line in answer.choices[0].message.content.split("\n")))
    return right


if __name__ == "__main__":
    main()
