"""Damage files as disks, networks and attackers do."""

import random
import zipfile
from io import BytesIO

# Values at which sizes and offsets break.
_EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1)


def mutated(content: bytes, choices: random.Random) -> bytes:
    """The content with some damage; never the same as before for the same generator."""
    if content[:4] == b"PK\x03\x04" and choices.random() < 0.8:
        return _mutated_zip(content, choices)
    return _mutated_bytes(content, choices)


def _mutated_bytes(content: bytes, choices: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(choices.choice([1, 1, 2, 4, 16])):
        choices.choice([_flip, _flip, _edge, _edge, _copy, _cut, _text])(changed, choices)
    return bytes(changed)


def _mutated_zip(content: bytes, choices: random.Random) -> bytes:
    """Damage within a file of a zip, whose own checksums would hide it otherwise."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        victim = choices.choice(names)
        for name in names:
            data = source.read(name)
            if name == victim:
                if choices.random() < 0.1:
                    continue
                data = _mutated_bytes(data, choices)
            target.writestr(name, data)
    return out.getvalue()


def _place(changed: bytearray, choices: random.Random) -> int:
    """Often near an end, where headers and directories are."""
    size = max(1, len(changed))
    near = min(size, 700)
    return choices.choice(
        [choices.randrange(size), choices.randrange(near), size - 1 - choices.randrange(near)]
    )


def _flip(changed: bytearray, choices: random.Random) -> None:
    if changed:
        changed[_place(changed, choices)] = choices.randrange(256)


def _edge(changed: bytearray, choices: random.Random) -> None:
    width = choices.choice([1, 2, 4, 8])
    value = choices.choice(_EDGES) & (256**width - 1)
    at = _place(changed, choices)
    changed[at : at + width] = value.to_bytes(width, choices.choice(["little", "big"]))


def _copy(changed: bytearray, choices: random.Random) -> None:
    """A stretch over another one: two directories that point at each other, and the like."""
    length = choices.choice([2, 4, 12, 64])
    source, target = _place(changed, choices), _place(changed, choices)
    changed[target : target + length] = changed[source : source + length]


def _cut(changed: bytearray, choices: random.Random) -> None:
    if choices.random() < 0.3:
        del changed[choices.randrange(len(changed) + 1) :]


def _text(changed: bytearray, choices: random.Random) -> None:
    """Another number in a text, where a description has one."""
    digits = [at for at in range(len(changed)) if 48 <= changed[at] <= 57]
    if digits:
        at = choices.choice(digits)
        length = choices.choice([1, 1, 2])
        new = choices.choice([b"0", b"9", b"-1", b"99999999999", b"1e99", b""])
        changed[at : at + length] = new
