"""An encrypted file decrypts to the original data, or is refused as unreadable."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.operations.backup.encryption import (
    CHUNK_SIZE,
    HEADER_SIZE,
    MAGIC,
    SCRYPT_COST,
    TAG_SIZE,
    DecryptingReader,
    EncryptingWriter,
    UnreadableBackup,
    WrongPassphrase,
    is_encrypted,
)

PASSPHRASE = "four words are enough"
LOW_COST = 1  # the fastest setting of scrypt


def encrypt(data: bytes, *, finish: bool = True) -> bytes:
    output = io.BytesIO()
    encryption = EncryptingWriter(output, PASSPHRASE, LOW_COST)
    encryption.write(data)
    if finish:
        encryption.finish()
    return output.getvalue()


def decrypt(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return io.BufferedReader(DecryptingReader(io.BytesIO(data), passphrase)).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE, 3 * CHUNK_SIZE + 5])
def test_encrypted_data_can_be_decrypted(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    assert decrypt(encrypt(data[:size])) == data[:size]


def test_any_part_can_be_read_on_its_own() -> None:
    data = b"".join(number.to_bytes(4) for number in range(CHUNK_SIZE))
    reader = io.BufferedReader(DecryptingReader(io.BytesIO(encrypt(data)), PASSPHRASE))
    for at in (3 * CHUNK_SIZE + 8, 4, CHUNK_SIZE - 2):
        reader.seek(at)
        assert reader.read(8) == data[at : at + 8]


def test_the_data_is_not_visible_in_the_encrypted_file() -> None:
    assert b"Leeds" not in encrypt(b"Leeds City Council" * 1_000)


def test_the_same_data_is_encrypted_differently_each_time() -> None:
    assert encrypt(b"the same") != encrypt(b"the same")


def test_a_wrong_passphrase_is_distinguished_from_damage() -> None:
    with pytest.raises(WrongPassphrase):
        decrypt(encrypt(b"something"), "not these words")


@given(
    st.integers(min_value=0, max_value=HEADER_SIZE + 2 * (CHUNK_SIZE + TAG_SIZE) + 9),
    st.integers(min_value=0, max_value=7),
)
def test_a_changed_bit_is_detected_anywhere(at: int, bit: int) -> None:
    changed = bytearray(ENCRYPTED)
    changed[at] ^= 1 << bit
    if at == len(MAGIC):  # the scrypt cost: high costs take too long to test
        changed[at] = 0
    with pytest.raises(UnreadableBackup):
        decrypt(bytes(changed))


ENCRYPTED = encrypt(b"x" * (2 * CHUNK_SIZE + 10))


@given(st.integers(min_value=0, max_value=len(ENCRYPTED) - 1))
def test_a_file_cut_short_anywhere_is_detected(length: int) -> None:
    with pytest.raises(UnreadableBackup):
        decrypt(ENCRYPTED[:length])


def test_an_unfinished_file_is_detected() -> None:
    with pytest.raises(UnreadableBackup):
        decrypt(encrypt(b"x" * (4 * CHUNK_SIZE), finish=False))


def test_missing_last_chunks_are_detected() -> None:
    with pytest.raises(UnreadableBackup):
        decrypt(ENCRYPTED[: HEADER_SIZE + CHUNK_SIZE + TAG_SIZE])


def test_chunks_in_another_order_are_detected() -> None:
    first, second = HEADER_SIZE + CHUNK_SIZE + TAG_SIZE, HEADER_SIZE + 2 * (CHUNK_SIZE + TAG_SIZE)
    with pytest.raises(UnreadableBackup):
        decrypt(ENCRYPTED[:HEADER_SIZE] + ENCRYPTED[first:second] + ENCRYPTED[HEADER_SIZE:first] + ENCRYPTED[second:])


def test_a_chunk_of_another_backup_with_the_same_passphrase_is_detected() -> None:
    other = encrypt(b"x" * (2 * CHUNK_SIZE + 10))
    with pytest.raises(UnreadableBackup):
        decrypt(ENCRYPTED[: HEADER_SIZE + CHUNK_SIZE + TAG_SIZE] + other[HEADER_SIZE + CHUNK_SIZE + TAG_SIZE :])


def test_a_header_that_requires_too_much_memory_is_refused() -> None:
    with pytest.raises(UnreadableBackup, match="file header"):
        decrypt(ENCRYPTED[: len(MAGIC)] + bytes([40]) + ENCRYPTED[len(MAGIC) + 1 :])


def test_guessing_a_passphrase_is_expensive() -> None:
    assert SCRYPT_COST >= 17  # OWASP's minimum for scrypt with blocks of 8
    assert is_encrypted(io.BytesIO(ENCRYPTED))
    assert not is_encrypted(io.BytesIO(b"PK\x03\x04"))
