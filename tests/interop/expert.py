"""Makes changed bundles of a good one: `python expert.py case.zip DIRECTORY`.

Each change is made as somebody would who wants it to pass: the manifest names the sizes and digests
of the changed parts, except where the name of the bundle says `listed`.
"""

import base64
import hashlib
import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path

source, place = Path(sys.argv[1]), Path(sys.argv[2])
with zipfile.ZipFile(source) as archive:
    GOOD = {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    body, central = b"", b""
    for name in sorted(parts):
        data = parts[name]
        shared = (10, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), 0)
        central += struct.pack("<IH5H3I2H", 0x02014B50, 10, *shared)
        central += struct.pack("<3H2I", 0, 0, 0, 0, len(body)) + name.encode()
        body += struct.pack("<I5H3I2H", 0x04034B50, *shared) + name.encode() + data
    counts = (0, 0, len(parts), len(parts), len(central), len(body), 0)
    return body + central + struct.pack("<I4H2IH", 0x06054B50, *counts)


def write(name, changes, relisted=True, head=None):
    parts = GOOD | changes
    manifest = json.loads(GOOD["manifest.json"])
    if relisted:
        for part in manifest["parts"]:
            data = parts[part["path"]]
            part["size"], part["sha256"] = len(data), hashlib.sha256(data).hexdigest()
    if head:
        manifest["tree_size"], manifest["root"] = head
    parts["manifest.json"] = json.dumps(manifest, indent=2).encode() + b"\n"
    (place / f"{name}.zip").write_bytes(packed(parts))


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


write("good", {}, relisted=False)
entry = GOOD["entries/000005.cbor"]
title = entry.index(b"spring") + 2
write("statement-listed", {"entries/000005.cbor": flipped(entry, title)}, relisted=False)
write("statement", {"entries/000005.cbor": flipped(entry, title)})
write("signature", {"entries/000005.cbor": flipped(entry, len(entry) - 1)})
write("receipt", {"receipts/000005.cose": GOOD["receipts/000006.cose"]})
swapped = {"receipts/000005.cose": GOOD["receipts/000006.cose"]}
write("receipts", swapped | {"receipts/000006.cose": GOOD["receipts/000005.cose"]})
earlier = GOOD["checkpoints/000008.txt"]
write("checkpoint", {"checkpoint.txt": earlier})
root = earlier.decode().splitlines()[2]
head = (8, base64.b64decode(root).hex())
write("head", {"checkpoint.txt": earlier}, head=head)
note = GOOD["checkpoint.txt"].replace(b"\n10\n", b"\n11\n")
write("size", {"checkpoint.txt": note}, head=(11, json.loads(GOOD["manifest.json"])["root"]))
write("stamp", {"timestamps/000008-00.tsr": flipped(GOOD["timestamps/000008-00.tsr"], -20 % 1500)})
write("cosignature", {"cosignatures/000010.txt": GOOD["cosignatures/000009.txt"]})
(terms,) = [name for name in GOOD if name.startswith("terms/")]
write("terms", {terms: GOOD[terms].replace(b"49.00", b"48.00")})
(opened,) = [name for name in GOOD if name.startswith("openings/") and name.endswith(".txt")]
write("prompt", {opened: GOOD[opened] + b"!"})
write("index", {"report.html": GOOD["report.html"] + b" "})
