"""A sealed file gives back what was sealed, or says that it can't be trusted: no third thing."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.operations.archive_sealed import (
    COST,
    HEAD,
    MAGIC,
    PIECE,
    PROOF,
    Sealing,
    Unreadable,
    Unsealed,
    WrongPassphrase,
    is_sealed,
)

WORDS = "four words are enough"
CHEAP = 1  # scrypt as quick as it goes


def sealed(data: bytes, *, finish: bool = True) -> bytes:
    into = io.BytesIO()
    sealing = Sealing(into, WORDS, CHEAP)
    sealing.write(data)
    if finish:
        sealing.finish()
    return into.getvalue()


def opened(data: bytes, words: str = WORDS) -> bytes:
    return io.BufferedReader(Unsealed(io.BytesIO(data), words)).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_what_was_sealed_comes_back(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(data[:size])) == data[:size]


def test_any_part_can_be_read_by_itself() -> None:
    data = b"".join(number.to_bytes(4) for number in range(PIECE))
    reader = io.BufferedReader(Unsealed(io.BytesIO(sealed(data)), WORDS))
    for at in (3 * PIECE + 8, 4, PIECE - 2):
        reader.seek(at)
        assert reader.read(8) == data[at : at + 8]


def test_nothing_that_was_sealed_can_be_seen() -> None:
    assert b"Leeds" not in sealed(b"Leeds City Council" * 1_000)


def test_the_same_twice_is_not_the_same_file() -> None:
    assert sealed(b"the same") != sealed(b"the same")


def test_a_wrong_passphrase_is_told_from_damage() -> None:
    with pytest.raises(WrongPassphrase):
        opened(sealed(b"something"), "not these words")


@given(st.integers(min_value=0, max_value=HEAD + 2 * (PIECE + PROOF) + 9), st.integers(min_value=0, max_value=7))
def test_one_bit_changed_anywhere_is_found(at: int, bit: int) -> None:
    changed = bytearray(WHOLE)
    changed[at] ^= 1 << bit
    if at == len(MAGIC):  # the cost of scrypt: no time to try the dear ones
        changed[at] = 0
    with pytest.raises(Unreadable):
        opened(bytes(changed))


WHOLE = sealed(b"x" * (2 * PIECE + 10))


@given(st.integers(min_value=0, max_value=len(WHOLE) - 1))
def test_a_file_cut_short_anywhere_is_found(length: int) -> None:
    with pytest.raises(Unreadable):
        opened(WHOLE[:length])


def test_a_file_that_was_never_finished_is_found() -> None:
    with pytest.raises(Unreadable):
        opened(sealed(b"x" * (4 * PIECE), finish=False))


def test_a_whole_number_of_pieces_cut_off_is_found() -> None:
    with pytest.raises(Unreadable):
        opened(WHOLE[: HEAD + PIECE + PROOF])


def test_pieces_in_another_order_are_found() -> None:
    first, second = HEAD + PIECE + PROOF, HEAD + 2 * (PIECE + PROOF)
    with pytest.raises(Unreadable):
        opened(WHOLE[:HEAD] + WHOLE[first:second] + WHOLE[HEAD:first] + WHOLE[second:])


def test_a_piece_of_another_backup_under_the_same_passphrase_is_found() -> None:
    other = sealed(b"x" * (2 * PIECE + 10))
    with pytest.raises(Unreadable):
        opened(WHOLE[: HEAD + PIECE + PROOF] + other[HEAD + PIECE + PROOF :])


def test_a_head_that_asks_for_too_much_memory_is_refused() -> None:
    with pytest.raises(Unreadable, match="head of the file"):
        opened(WHOLE[: len(MAGIC)] + bytes([40]) + WHOLE[len(MAGIC) + 1 :])


def test_guessing_is_dear() -> None:
    assert COST >= 17  # OWASP's least for scrypt with blocks of 8
    assert is_sealed(io.BytesIO(WHOLE))
    assert not is_sealed(io.BytesIO(b"PK\x03\x04"))
