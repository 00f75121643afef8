"""Signed notes: their exact format, and texts that are not valid notes."""

import base64
import hashlib
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from evenhand.ledger import notes
from evenhand.ledger.notes import InvalidNote

CHAIN = UUID("018f3c2a-7b00-7000-8000-000000000001")
NAME = f"evenhand.record/{CHAIN}"
KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32) for byte in (1, 2))
ROOT = hashlib.sha256(b"root").digest()
NOTE = notes.write(CHAIN, 7, ROOT, KEY)


def test_the_format_is_that_of_a_checkpoint() -> None:
    text, _empty, last = NOTE.partition("\n\n")
    assert text.split("\n") == [NAME, "7", base64.b64encode(ROOT).decode()]
    dash, name, signed = last.removesuffix("\n").split(" ")
    assert (dash, name) == ("\u2014", NAME)
    key_id, signature = base64.b64decode(signed)[:4], base64.b64decode(signed)[4:]
    assert key_id == hashlib.sha256(NAME.encode() + b"\n\x01" + KEY.public_key().public_bytes_raw()).digest()[:4]
    KEY.public_key().verify(signature, (text + "\n").encode())


def test_a_note_is_read_back_as_it_was_written() -> None:
    note = notes.read(NOTE)
    assert (note.chain, note.size, note.root) == (CHAIN, 7, ROOT)
    assert notes.is_signed_by(note, KEY.public_key())
    assert not notes.is_signed_by(note, OTHER.public_key())


def test_a_note_may_have_further_signatures() -> None:
    note = notes.read(f"{NOTE}\u2014 witness.example {base64.b64encode(b'1234' + bytes(64)).decode()}\n")
    assert len(note.signatures) == 2
    assert notes.is_signed_by(note, KEY.public_key())


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_a_note_with_any_changed_byte_is_rejected(position: int, mask: int) -> None:
    changed = bytearray(NOTE.encode())
    changed[position] ^= mask
    try:
        note = notes.read(bytes(changed).decode("utf-8", "replace"))
    except InvalidNote:
        return
    same = (note.text, note.signatures) == (notes.read(NOTE).text, notes.read(NOTE).signatures)
    assert same or not notes.is_signed_by(note, KEY.public_key())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        NOTE.replace("evenhand.record", "another.example"),
        NOTE.replace("\n7\n", "\n07\n"),
        NOTE.replace("\n7\n", "\n-7\n"),
        NOTE.replace("\n7\n", "\n7\nmore\n"),
        NOTE.partition("\n\n")[0],
        NOTE.replace("\u2014", "-"),
    ],
)
def test_an_invalid_note_is_rejected(text: str) -> None:
    with pytest.raises(InvalidNote, match="not a checkpoint"):
        notes.read(text)
