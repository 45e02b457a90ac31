"""Checks a bundle of evidence without Deedbook, as schema/evidence-v1.md says.

    pip install scitt-cose cbor2 cryptography blake3
    python3 expert.py case.zip --policy policy.toml --file spring.png

Needs Python 3.11, these four packages and OpenSSL, and touches no network. The policy names whom
the expert trusts, by keys that they had from elsewhere. What it leaves open is taken on trust or
passed over, and told. Ends with exit code 3 and the first reason where the bundle is not what it says.

It checks bytes, signatures, order and time. It does not replay the rules by which a register admits
statements; for the plain case of a fee for assignment it tells title from the signed statements.
"""

import argparse
import base64
import datetime
import hashlib
import json
import re
import struct
import subprocess
import sys
import tempfile
import tomllib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import cbor2
import scitt_cose
from blake3 import blake3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

PART = re.compile(
    r"manifest\.json|index\.cose|checkpoint\.txt|report\.html|entries/\d{6,}\.cbor"
    r"|(receipts|consistency)/\d{6,}\.cose|(checkpoints|cosignatures)/\d{6,}\.txt"
    r"|timestamps/\d{6,}-\d\d\.tsr|accounts/\d{6,}\.json"
    r"|terms/[0-9a-f]{64}\.txt|openings/[0-9a-f]{64}\.(salt|txt)",
    re.ASCII,
)
# Names that are printed: strangers wrote them, and nothing unseen is in them.
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_BYTES = 64 << 20
PROOFS, TREE_SIZE, REGISTERED_AT = 396, -916201, -916202
INCLUSION, CONSISTENCY = -1, -2
RECORD = "application/vnd.deedbook.record+cbor"
MANIFEST = "application/vnd.deedbook.evidence+json"


class Refused(Exception):
    """Why the bundle proves nothing."""


def need(holds, reason):
    if not holds:
        raise Refused(reason)


def day_and_time(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def day(milliseconds):
    return day_and_time(milliseconds // 1000)[:10]


# ------------------------------------------------------------------------------------- container


def canonical(parts):
    """The one zip file that has these parts: every byte of it follows from them."""
    body, central = b"", b""
    for name, data in sorted(parts.items(), key=lambda part: part[0].encode()):
        shared = (10, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), 0)
        central += struct.pack("<IH5H3I2H", 0x02014B50, 10, *shared)
        central += struct.pack("<3H2I", 0, 0, 0, 0, len(body)) + name.encode()
        body += struct.pack("<I5H3I2H", 0x04034B50, *shared) + name.encode() + data
    counts = (0, 0, len(parts), len(parts), len(central), len(body), 0)
    return body + central + struct.pack("<I4H2IH", 0x06054B50, *counts)


def read_bundle(path):
    """The parts by name, after step 1 of the specification, and the manifest."""
    need(path.stat().st_size <= MOST_BYTES, "the file is larger than any bundle")
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            stored = all(info.compress_type == zipfile.ZIP_STORED for info in infos)
            need(stored, "a part is compressed")
            need(len({info.filename for info in infos}) == len(infos), "a name stands twice")
            parts = {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused(f"no readable zip file: {error}") from error
    need(canonical(parts) == path.read_bytes(), "the zip file is not in the canonical form")
    need("manifest.json" in parts, "no manifest")
    for name in parts:
        need(PART.fullmatch(name), f"{name!a} is the name of no part")
    manifest = json.loads(parts["manifest.json"])
    written = json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"
    need(written == parts["manifest.json"], "the manifest is spelt in another way")
    need(manifest["format"] == "deedbook-evidence" and manifest["version"] == 1, "another format")
    listed = {part["path"]: part for part in manifest["parts"]}
    need(set(listed) == set(parts) - {"manifest.json", "index.cose"}, "parts and manifest differ")
    for name, part in listed.items():
        need(part["size"] == len(parts[name]), f"{name} has another size than the manifest says")
        digest = hashlib.sha256(parts[name]).hexdigest()
        need(part["sha256"] == digest, f"{name} is not what the manifest says: another SHA-256")
    return parts, manifest


# ------------------------------------------------------------------------------------- signatures


def public_key(key):
    """A key as a record has it: its thumbprint (RFC 9679), and in PEM."""
    material = key["key"]
    if key["alg"] == -8:
        public = ed25519.Ed25519PublicKey.from_public_bytes(material)
        described = {1: 1, -1: 6, -2: material}
    else:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + material)
        described = {1: 2, -1: 1, -2: material[:32], -3: material[32:]}
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = public.public_bytes(serialization.Encoding.PEM, form)
    return hashlib.sha256(cbor2.dumps(described, canonical=True)).digest(), pem


def note_signatures(lines):
    """Signature lines of a C2SP signed note: name, key id, signature."""
    found = []
    for line in lines.splitlines():
        dash, name, encoded = line.split(" ")
        need(dash == "\u2014", "a line that is no signature")
        data = base64.b64decode(encoded, validate=True)
        found.append((name, data[:4], data[4:]))
    return found


def verifier_key(text):
    """A C2SP verifier key: name, key id, type of signature, key."""
    name, key_id, encoded = text.split("+", 2)
    data = base64.b64decode(encoded, validate=True)
    expected = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    need(key_id == expected.hex(), f"verifier key {text} has another key id")
    return name, expected, data[0], data[1:]


def is_signed(key, signature, message):
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def signed_by(pem, message, payload, labels, what):
    """A COSE_Sign1 over a payload that is not in it, after its signature."""
    try:
        return scitt_cose.verify_sign1(
            message, public_key_pem=pem, detached_payload=payload, understood_labels=labels
        )
    except scitt_cose.CoseError as error:
        raise Refused(f"{what}: {error}") from error


# ------------------------------------------------------------------------------------- the log


@dataclass
class Entry:
    number: int
    raw: bytes
    registered_at: int
    statement: bytes
    header: dict
    kind: str
    record: dict

    @property
    def id(self):
        return blake3(self.statement).digest()

    @property
    def signer(self):
        return self.header[15][1]


def read_entry(name, raw):
    number = int(Path(name).stem)
    registered_at, message = cbor2.loads(raw)
    # The statement is what follows the head of the array and the time: its own bytes are its name.
    statement = raw[1 + len(cbor2.dumps(registered_at)) :]
    need(raw[0] == 0x82 and message.tag == 18, f"entry {number} has another form")
    protected, _, payload, _ = message.value
    header, envelope = cbor2.loads(protected), cbor2.loads(payload)
    need(header[3] == RECORD, f"entry {number} is no statement")
    return Entry(
        number, raw, registered_at, statement, header, envelope["kind"], envelope["record"]
    )


def read_checkpoint(data, origin, key):
    """The size and root of a checkpoint, after the register's signature of it."""
    text, _, lines = data.decode().partition("\n\n")
    text += "\n"
    name, size, root = text.splitlines()[:3]
    need(name == origin, "a checkpoint is of another register")
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + key).digest()[:4]
    own = [one for one in note_signatures(lines) if one[:2] == (origin, key_id)]
    need(len(own) == 1, "a checkpoint is not signed once by the register")
    need(is_signed(key, own[0][2], text.encode()), "the register's signature of a checkpoint fails")
    return int(size), base64.b64decode(root, validate=True), text


def check_head(parts, manifest, key, pem, kid):
    """Every checkpoint by size: its text and file. Each earlier one is a beginning of the last."""
    origin, size = manifest["origin"], manifest["tree_size"]
    found = read_checkpoint(parts["checkpoint.txt"], origin, key)
    need(found[:2] == (size, bytes.fromhex(manifest["root"])), "checkpoint and manifest differ")
    heads = {size: (found[2], "checkpoint.txt")}
    for name in sorted(name for name in parts if name.startswith("checkpoints/")):
        old, old_root, text = read_checkpoint(parts[name], origin, key)
        need(int(Path(name).stem) == old < size, f"{name} has another size")
        receipt = parts[f"consistency/{Path(name).stem}.cose"]
        protected, unprotected, _, _ = cbor2.loads(receipt).value
        header = cbor2.loads(protected)
        need(header[4] == kid and header[TREE_SIZE] == size, f"{name}: a receipt of something else")
        first, second, path = cbor2.loads(unprotected[PROOFS][CONSISTENCY][0])
        need((first, second) == (old, size), f"{name}: a receipt for other sizes")
        roots = (old_root.hex(), found[1].hex())
        hashes = [one.hex() for one in path]
        extends = scitt_cose.verify_consistency(*roots, first, second, hashes)
        need(extends, f"{name} is no beginning of the log")
        signed_by(pem, receipt, found[1], {1, 2, 4, 15, 395}, f"the receipt for {name}")
        heads[old] = (text, name)
    return heads


def check_receipts(parts, manifest, entries, pem, kid):
    """Each entry stands at its number under the one root."""
    for entry in entries:
        receipt = parts[f"receipts/{entry.number:06}.cose"]
        found = scitt_cose.verify_receipt(
            receipt, leaf_entry_hex=entry.raw.hex(), log_public_key_pem=pem
        )
        need(found.ok, f"the receipt of entry {entry.number} fails at: {found.failed_at}")
        header = cbor2.loads(cbor2.loads(receipt).value[0])
        expected = {
            "number": (found.leaf_index, entry.number),
            "root": (found.root, manifest["root"]),
            "size": (found.tree_size, manifest["tree_size"]),
            "signed size": (header[TREE_SIZE], manifest["tree_size"]),
            "time": (header[REGISTERED_AT], entry.registered_at),
            "issuer": (found.issuer, manifest["origin"]),
            "subject": (found.subject, "entry:" + entry.id.hex()),
            "key": (header[4], kid),
        }
        for what, (value, wanted) in expected.items():
            need(value == wanted, f"the receipt of entry {entry.number} has another {what}")


def check_statements(entries):
    """Each statement is signed by a key that its party had by then; times never run backwards."""
    keys = {}
    last = None
    for entry in entries:
        need(last is None or entry.registered_at >= last, f"time runs backwards at {entry.number}")
        last = entry.registered_at
        signer, kid = entry.signer, entry.header[4]
        need(SLUG.fullmatch(entry.kind), f"entry {entry.number} is of no kind")
        if entry.kind == "party":
            need(SLUG.fullmatch(signer) and entry.record["handle"] == signer, "a strange handle")
        if entry.kind == "terms":
            need(SLUG.fullmatch(entry.record["slug"]), "terms of a strange name")
        if entry.kind in ("ledger", "party"):
            own = {public_key(entry.record["key"])[0]: public_key(entry.record["key"])[1]}
            need(signer not in keys, f"{signer} enrols twice")
            keys[signer] = own
        need(kid in keys.get(signer, {}), f"entry {entry.number}: no key of {signer} signed it")
        told = scitt_cose.parse_signed_statement(
            entry.statement, public_key_pem=keys[signer][kid]
        )
        need(told["signature_verified"] is True, f"entry {entry.number}: the signature fails")
        if entry.kind == "key-added":
            added, pem = public_key(entry.record["key"])
            keys[signer][added] = pem
        if entry.kind == "key-revoked":
            keys[signer].pop(entry.record["kid"], None)


# ------------------------------------------------------------------------------------- time


def witness_times(parts, heads, policy):
    """Until when each head existed at the latest, by the witnesses that the policy names."""
    wanted = max(1, policy.get("quorum", 0))
    witnesses = [verifier_key(one["key"]) for one in policy.get("witness", [])]
    need(all(one[2] == 4 for one in witnesses), "the policy has a witness of another type")
    times = {}
    for size, (text, _) in heads.items():
        lines = parts.get(f"cosignatures/{size:06}.txt", b"").decode()
        seen = []
        for name, key_id, data in note_signatures(lines):
            for known, known_id, _, key in witnesses:
                if (name, key_id) != (known, known_id):
                    continue
                seconds = struct.unpack(">Q", data[:8])[0]
                message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
                need(is_signed(key, data[8:], message), f"the cosignature of {name} fails")
                seen.append((seconds, name))
        if len(seen) >= wanted:
            seen = sorted(seen)[:wanted]
            times[size] = (seen[-1][0], " and ".join(name for _, name in seen))
    need(not policy.get("quorum") or max(heads) in times, "too few witnesses cosigned the head")
    return times


def openssl(*words):
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True)


def stamp_times(parts, heads, policy):
    """The same, by time-stamping authorities, with `openssl ts -verify`."""
    times = {}
    roots = "".join(one["certificate"] for one in policy.get("authority", []))
    if not roots:
        return times
    for name in sorted(name for name in parts if name.startswith("timestamps/")):
        size = int(Path(name).stem.split("-")[0])
        with tempfile.TemporaryDirectory() as place:
            stamp, data, trusted = (Path(place, one) for one in ("stamp", "data", "roots"))
            stamp.write_bytes(parts[name])
            data.write_bytes(parts[heads[size][1]])
            trusted.write_text(roots)
            told = openssl("ts", "-verify", "-in", stamp, "-data", data, "-CAfile", trusted)
            why = "".join(told.stderr.split(":")[-4:-3])
            need(told.returncode == 0, f"openssl refuses {name}: {why}")
            text = openssl("ts", "-reply", "-in", stamp, "-text").stdout
        shown = re.search(r"^Time stamp: (.*) GMT$", text, re.M)[1]
        shown = re.sub(r"\.\d+", "", shown)
        moment = datetime.datetime.strptime(shown, "%b %d %H:%M:%S %Y")
        seconds = moment.replace(tzinfo=datetime.UTC).timestamp()
        accuracy = re.search(r"^Accuracy: (0x[0-9A-Fa-f]+) seconds", text, re.M)
        # What is smaller than a second is rounded up: the later moment is the safe one.
        seconds += (int(accuracy[1], 16) if accuracy else 0) + 1
        if size not in times or seconds < times[size][0]:
            times[size] = (seconds, "a time stamp that openssl verifies")
    return times


def latest(number, *sources):
    """When an entry existed at the latest: the earliest of the heads that cover it."""
    known = [time for times in sources for size, time in times.items() if size > number]
    return min(known, default=None)


# ------------------------------------------------------------------------------------- texts


def check_texts(parts, entries):
    """Terms, accounts and opened prompts are those whose digests somebody signed."""
    opened = []
    by_number = {entry.number: entry for entry in entries}
    texts = [t["digest"] for e in entries if e.kind == "terms" for t in e.record["texts"]]
    made = [e.record.get("generation", {}) for e in entries if e.kind == "work"]
    prompts = [prompt["commitment"] for one in made for prompt in one.get("prompts", [])]
    for name, data in parts.items():
        folder, _, file = name.rpartition("/")
        stem = file.split(".")[0]
        if folder == "terms":
            signed = blake3(data).hexdigest() == stem and bytes.fromhex(stem) in texts
            need(signed, f"{name} is not what the provider signed")
        if folder == "accounts":
            signed = blake3(data).digest() in by_number[int(stem)].record.values()
            need(signed, f"{name} is not what the closing signs")
        if folder == "openings" and name.endswith(".txt"):
            context = "deedbook 2026-11 prompt commitment v1"
            salt = parts[f"openings/{stem}.salt"]
            key = blake3(salt, derive_key_context=context).digest()
            opens = blake3(data, key=key).hexdigest() == stem and bytes.fromhex(stem) in prompts
            need(opens, f"{name} opens no commitment of a work")
            opened.append(data.decode())
    return opened


# ------------------------------------------------------------------------------------- title


def money(minor, currency):
    if currency in ("CNY", "EUR", "GBP", "USD"):
        return f"{minor // 100}.{minor % 100:02} {currency}"
    return f"{minor} minor units of {currency}"


def title(work, entries):
    """Who holds a work: sentences from the signed statements, for a fee for assignment."""
    by_id = {entry.id: entry for entry in entries}
    creators = [by_id[one["party"]].record["handle"] for one in work.record["creators"]]
    whom = ", ".join(creators)
    yield f"{whom} registered it, as of {day(work.record['effective_at'])} (entry {work.number})."
    about = [one for one in entries if one.record.get("work") == work.id]
    if "contract" not in work.record:
        yield "No contract: a bare claim."
        return
    contract = by_id[work.record["contract"]]
    terms = by_id[contract.record["terms"]]
    fee = terms.record["form"].get("fee-for-assignment")
    named = f"{terms.signer}/{terms.record['slug']}@{terms.record['version']}"
    yield f"{contract.signer} had accepted {named} (entries {terms.number}, {contract.number})."
    moved = [one for one in about if one.kind in ("assignment", "split-agreed")]
    amended = [one for one in entries if one.record.get("amends") == contract.id]
    if not fee or fee["unit"] != "work" or terms.record["vesting"] != "when-paid" or amended:
        yield "These terms are not the plain case: recompute title by the rules of the register."
        return
    owed, currency = fee["amount"]
    yield f"Until a fee of {money(owed, currency)} is paid, {terms.signer} holds the title."
    own = [one for one in entries if one.signer == terms.signer]
    confirmed = [one for one in own if one.kind == "confirmation"]
    for one in sorted(confirmed, key=lambda one: (one.record["effective_at"], one.number)):
        payment = by_id[one.record["payment"]]
        amount, paid_in = payment.record["amount"]
        if payment not in about or paid_in != currency or "purpose" in payment.record or owed <= 0:
            continue
        owed -= amount
        yield (
            f"{payment.signer} reported a payment of {money(amount, currency)} (entry"
            f" {payment.number}); {one.signer} confirmed it (entry {one.number})."
        )
        if owed <= 0:
            since = day(one.record["effective_at"])
            yield f"The fee is paid: {whom} holds the title since {since}."
    if moved:
        numbers = ", ".join(str(one.number) for one in moved)
        yield f"Then see entries {numbers}, which assign or split it."


def about_file(path, entries):
    works = [entry for entry in entries if entry.kind == "work"]
    digest = blake3(path.read_bytes()).digest()
    found = [w.number for w in works if digest in [c["digest"] for c in w.record["contents"]]]
    need(found, f"{path.name} is not the content of a work in the bundle")
    return f"{path.name} is the content that entries {', '.join(map(str, found))} register."


# ------------------------------------------------------------------------------------- all of it


def register_key(opening, manifest, policy):
    """The key that entry 0 names, and whether the policy names it too."""
    need(opening.number == 0 and opening.kind == "ledger", "entry 0 opens no register")
    origin = opening.record["origin"]
    need(origin == opening.signer == manifest["origin"], "entry 0 opens another register")
    need(origin.isascii() and origin.isprintable(), "the register has a strange name")
    key = opening.record["key"]["key"]
    trusted = [verifier_key(one["key"]) for one in policy.get("ledger", [])]
    known = any(one[0] == manifest["origin"] and one[3] == key for one in trusted)
    need(known or not trusted, "the register is none of those that the policy names")
    return key, known


def check_index(parts, manifest, pem, kid):
    """Whether the register signed that nothing is left out."""
    if "index.cose" not in parts:
        return False
    labels = {1, 2, 3, 4, 15}
    payload = parts["manifest.json"]
    signed = signed_by(pem, parts["index.cose"], payload, labels, "the index of the bundle")
    subject = f"{manifest['subject']['kind']}:{manifest['subject']['id']}"
    claims = signed.protected[15]
    need((claims[1], claims[2]) == (manifest["origin"], subject), "an index of something else")
    need(signed.protected[3] == MANIFEST and signed.protected[4] == kid, "another kind of index")
    return True


def check(bundle, policy, file):
    parts, manifest = read_bundle(bundle)
    names = sorted(name for name in parts if name.startswith("entries/"))
    entries = [read_entry(name, parts[name]) for name in names]
    entries.sort(key=lambda entry: entry.number)
    chosen = manifest["selection"]["concerns"] + manifest["selection"]["supports"]
    need([one.number for one in entries] == sorted(chosen), "other entries than the manifest says")
    key, is_known = register_key(entries[0], manifest, policy)
    kid, pem = public_key(entries[0].record["key"])
    heads = check_head(parts, manifest, key, pem, kid)
    witnessed = witness_times(parts, heads, policy)
    stamped = stamp_times(parts, heads, policy)
    check_receipts(parts, manifest, entries, pem, kid)
    check_statements(entries)
    subject = next(one for one in entries if one.number == manifest["subject"]["entry"])
    need(subject.id.hex() == manifest["subject"]["id"], "the subject is another statement")
    opened = check_texts(parts, entries)
    is_signed_index = check_index(parts, manifest, pem, kid)

    size = manifest["tree_size"]
    trust = "named by the policy" if is_known else "TAKEN ON TRUST: found in the bundle itself"
    print(f"PARTS      {len(parts)} parts, as the manifest lists them.")
    print(f"REGISTER   {manifest['origin']}; its key is {trust}.")
    print(f"SIGNATURE  {len(entries)} statements, each signed by a key that its party had by then.")
    print(f"ENTRY      {len(entries)} receipts: each entry stands in the log of {size} entries.")
    print(f"ORDER      one root for all: {manifest['root']};")
    print(f"           {len(heads) - 1} earlier heads, each a beginning of the same log.")
    print_times(entries, witnessed, stamped)
    print_titles(entries, manifest)
    for text in opened:
        print(f"PROMPT     opened, as its commitment says: {ascii(text[:60])}")
    if file:
        print(f"FILE       {about_file(file, entries)}")
    word = "the register signed that nothing is left out" if is_signed_index else "NOT CLAIMED"
    print(f"COMPLETE   {word} (up to {size} entries; its word, not a proof).")


def print_times(entries, witnessed, stamped):
    print("TIME       each entry existed at the latest:")
    for entry in entries:
        time = latest(entry.number, witnessed, stamped)
        told = f"{day_and_time(time[0])}, by {time[1]}" if time else "nobody whom the policy names"
        print(f"  {entry.number:>4}  {entry.kind:<13} by {entry.signer:<12.12}  {told}")
    for size, (seconds, who) in sorted(stamped.items()):
        print(f"           The first {size}, by {who}: {day_and_time(seconds)}.")
    for sources, what in ((witnessed, "witness"), (stamped, "time stamp")):
        if not sources:
            print(f"           No {what} counts: none is there, or the policy names none.")


def print_titles(entries, manifest):
    whole = manifest["selection"]["works"]
    works = [entry for entry in entries if entry.kind == "work"]
    for work in works:
        named = ascii(work.record["title"])
        if work.number in whole:
            print(f"TITLE      of {named}, entry {work.number}:")
            for sentence in title(work, entries):
                print(f"           {sentence}")
        else:
            print(f"           {work.signer} registered {named} as well: entry {work.number}.")


def main():
    arguments = argparse.ArgumentParser(description="checks a bundle of evidence without Deedbook")
    arguments.add_argument("bundle", type=Path)
    arguments.add_argument("--policy", type=Path, help="whom to trust, in TOML")
    arguments.add_argument("--file", type=Path, help="the file in dispute")
    given = arguments.parse_args()
    policy = tomllib.loads(given.policy.read_text()) if given.policy else {}
    try:
        check(given.bundle, policy, given.file)
    except Refused as refused:
        print(f"REFUSED    {refused}")
        return 3
    except Exception as error:  # Whatever a stranger's file brings up, it proves nothing then.
        print(f"REFUSED    not of the form that is specified: {type(error).__name__}: {error}")
        return 3
    print("CONFIRMED  entry, order, time as shown, signatures and title, without Deedbook.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
