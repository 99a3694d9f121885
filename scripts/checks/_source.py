"""Swift source without its strings and comments, so that a rule about code sees only code."""
import re

_TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<hashes>#*)"""(?:\\.|.)*?"""(?P=hashes)'
    r'|(?P<raw>#+)"[^\n]*?"(?P=raw)'
    r'|"(?:[^"\\\n]|\\.)*"', re.S)
IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?"
    r"import\s+(?:(?:struct|class|enum|func|protocol|typealias|var|let)\s+)?(\w+)", re.M)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def code(text):
    """The text with strings and comments made blank; every character keeps its place."""
    return _TOKEN.sub(lambda match: _blank(match.group()), text)


def comments(text):
    """The text with everything but the comments made blank."""
    result, end = [], 0
    for match in _TOKEN.finditer(text):
        result += [_blank(text[end:match.start()]), match.group() if match.group("comment") else _blank(match.group())]
        end = match.end()
    return "".join([*result, _blank(text[end:])])


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def between(text, start):
    """What stands between the bracket at `start` and its partner."""
    depth = 0
    for offset in range(start, len(text)):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text[offset], 0)
        if depth == 0:
            return text[start + 1:offset]
    return text[start + 1:]
