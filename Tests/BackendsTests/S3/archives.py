"""Writes archives of all kinds, good and bad, into a folder.

    python archives.py FOLDER
"""

import gzip
import io
import pathlib
import struct
import sys
import tarfile
import zipfile

DOCUMENTS = {"README.md": "# Title\n", "Sources/a b+c.swift": "let a = 1\n", "Sources/é/ü.swift": "let ü = 2\n", "z.txt": "z"}
LONG = "/".join(["folder-with-a-long-name-" + "x" * 60] * 4) + "/file.swift"


def tar(entries, style=tarfile.PAX_FORMAT, prefix=""):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=style) as archive:
        for name, text in entries:
            member = tarfile.TarInfo(prefix + name)
            if text is None:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(member)
            elif name.endswith("/"):
                member.type = tarfile.DIRTYPE
                archive.addfile(member)
            else:
                data = text.encode() if isinstance(text, str) else text
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, text in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            if text is None:
                info.create_system, info.external_attr, text = 3, 0o120777 << 16, "/etc/passwd"
            archive.writestr(info, text)
    return buffer.getvalue()


def overlapping():
    """Two entries of the central directory that name the same bytes."""
    data = bytearray(zipped([("a", "x" * 1000), ("b", "x" * 1000)], zipfile.ZIP_STORED))
    place = data.rfind(b"PK\x01\x02")
    data[place + 42:place + 46] = struct.pack("<I", 0)
    return bytes(data)


def main():
    folder = pathlib.Path(sys.argv[1])
    good = list(DOCUMENTS.items())
    mixed = [*good, ("folder/", ""), ("link", None), (".gitignore", "*.log\n"), ("a.log", "x"), ("big.txt", "y" * 5000), (LONG, "long"),
             ("README.md", "# Title\n")]
    archives = {
        "good.tar.gz": gzip.compress(tar(good)), "good.zip": zipped(good), "stored.zip": zipped(good, zipfile.ZIP_STORED),
        "dotted.tgz": gzip.compress(tar(good, prefix="./")),
        "members.tar.gz": (lambda data: gzip.compress(data[:700]) + gzip.compress(data[700:]) + bytes(100))(tar(good)),
        "pax.tar.gz": gzip.compress(tar(mixed)), "gnu.tar.gz": gzip.compress(tar(mixed, tarfile.GNU_FORMAT)), "mixed.zip": zipped(mixed),
        "cut.tar.gz": gzip.compress(tar(good))[:-30], "cut.zip": zipped(good)[:-30], "nothing.tar.gz": b"", "nothing.zip": b"",
        "bare.tar.gz": gzip.compress(tar([("folder/", "")])), "bare.zip": zipped([]),
        "emptied.tar.gz": gzip.compress(tar([(".hearthignore", "")])), "emptied.zip": zipped([(".hearthignore", "")]),
        "text.tar.gz": b"this is no archive", "text.zip": b"this is no archive" * 10, "entry-cut.tar.gz": gzip.compress(tar(good)[:700]),
        "crc.zip": zipped([("a", "hello world")], zipfile.ZIP_STORED).replace(b"hello", b"jello", 1),
        "up.tar.gz": gzip.compress(tar([("a/../../x", "x")])), "root.tar.gz": gzip.compress(tar([("/etc/x", "x")])),
        "up.zip": zipped([("../x", "x")]), "overlap.zip": overlapping(),
        "bomb.tar.gz": gzip.compress(tar([("zeros", bytes(80 << 20))])), "bomb.zip": zipped([(f"zeros{n}", bytes(1 << 20)) for n in range(80)]),
        "one.tar.gz": gzip.compress(tar([("a", "same"), ("b", "old")])), "two.tar.gz": gzip.compress(tar([("a", "same"), ("b", "new"), ("c", "")])),
    }
    for name, data in archives.items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
