"""Going over the whole record: every column, every link, every payload, every signed statement. Reads, never writes.

It holds one entry at a time and a few hashes for each chain; of what was erased it holds the ids. It may run beside
writers: what is added meanwhile is either seen whole or not at all.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from evenhand.ledger import form, notes, stored
from evenhand.ledger.actions import ERASE
from evenhand.ledger.keys import public_key
from evenhand.ledger.merkle import Frontier
from evenhand.ledger.models import Checkpoint, Head, Subtree
from evenhand.ledger.stored import StoredEntry
from evenhand.ledger.tree import STEP


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong in a chain. Of an entry that is gone, only its position is known."""

    chain: str
    position: int
    what: str
    entry_id: str = ""
    at: str = ""


@dataclass(frozen=True)
class Report:
    chains: int
    entries: int
    checkpoints: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Statement:
    """A signed size and root, and where it was found."""

    size: int
    root: bytes
    where: str


@dataclass
class _Chain:
    id: str
    statements: list[Statement]  # the shortest first
    erased: set[str]
    position: int = 0
    hash: str = form.NOTHING_BEFORE
    sealed: int = 0  # the longest size that a statement was found true of
    tree: Frontier = field(default_factory=Frontier)
    subtrees: list[Frontier] = field(default_factory=list)


def verify(*, only: UUID | None = None, against: Sequence[str] = ()) -> Report:
    """Check the whole record, or one chain, with the texts of checkpoints that were kept elsewhere."""
    heads = _heads(only)  # before the entries: whatever it knows must be found
    statements, faults = _statements(only, against)
    signed = sum(len(each) for each in statements.values())
    chains = entries = 0
    missing = set(heads) | set(statements)
    for chain_id, rows in groupby(stored.entries(only), key=lambda row: row.chain):
        chain = _Chain(chain_id, statements.get(chain_id, []), _erased(chain_id))
        fault = _follow(chain, rows, heads.get(chain_id))
        faults += [fault] if fault else []
        missing.discard(chain_id)
        chains, entries = chains + 1, entries + chain.position
    gone = (each for each in sorted(missing) if _had_entries(each, heads, statements))
    faults += [Fault(each, 1, "every entry is gone") for each in gone]
    if only is None and (lost := stored.payloads_without_entry()):
        faults.append(Fault("", 0, f"{lost} payloads belong to entries that are gone"))
    return Report(chains, entries, signed, tuple(faults))


def _follow(chain: _Chain, rows: Iterator[StoredEntry], head: Head | None) -> Fault | None:
    for row in rows:
        if fault := _wrong_with(row, chain, head):
            return fault
        chain.position, chain.hash = row.position, row.entry_hash
    return _wrong_at_end(chain, head)


def _wrong_with(row: StoredEntry, chain: _Chain, head: Head | None) -> Fault | None:
    expected = chain.position + 1
    if row.position > expected:
        missing = f"{expected}" if row.position == expected + 1 else f"{expected} to {row.position - 1}"
        return _gone(chain, f"missing: the entries at {missing} are gone; the next is {row.id} at {row.position}")
    what = (
        _wrong_place(row, expected)
        or _wrong_content(row, chain)
        or _wrong_payload(row, chain)
        or _wrong_head(row, head)
        or _wrong_tree(row, chain)
    )
    return Fault(chain.id, row.position, what, row.id, row.at) if what else None


def _wrong_place(row: StoredEntry, expected: int) -> str:
    if row.position < expected:
        return "stands at a position that another entry has"
    if row.chain != (row.authority_id or str(form.SYSTEM)):
        return "stands in the chain of another authority"
    return ""


def _wrong_content(row: StoredEntry, chain: _Chain) -> str:
    if row.fingerprint() != row.entry_hash:
        return "was altered: its columns do not give its fingerprint"
    if row.previous != chain.hash:
        return "does not follow on from the entry before it: that one was replaced, or this one put in"
    return ""


def _wrong_payload(row: StoredEntry, chain: _Chain) -> str:
    if row.text is None or row.salt is None:
        if row.action == ERASE:
            return "names what was erased, and its own details are gone"
        return "" if row.id in chain.erased else "has lost its details, and no entry says that they were erased"
    if form.payload_commitment(row.salt, row.text) != row.commitment:
        return "has details that are not those that were recorded"
    return ""


def _wrong_head(row: StoredEntry, head: Head | None) -> str:
    if head is not None and row.position == head.position and row.entry_hash != head.hash:
        return "is not the entry that the end of the chain names"
    return ""


def _wrong_tree(row: StoredEntry, chain: _Chain) -> str:
    leaf = bytes.fromhex(row.entry_hash)
    chain.tree.add(leaf)
    if (what := _wrong_subtrees(leaf, chain)) != "":
        return what
    while chain.statements and chain.statements[0].size == row.position:
        said = chain.statements.pop(0)
        if said.root != chain.tree.root():
            return (
                f"is the last of those that {said.where} signed, and they are not those entries any more: "
                f"one or more from position {chain.sealed + 1} to {said.size} was rewritten"
            )
        chain.sealed = said.size
    return ""


def _wrong_subtrees(leaf: bytes, chain: _Chain, step: int = 0) -> str:
    """The kept hashes of complete subtrees, each against the entries under it."""
    if step == len(chain.subtrees):
        chain.subtrees.append(Frontier())
    chain.subtrees[step].add(leaf)
    if chain.subtrees[step].size < 1 << STEP:
        return ""
    root, chain.subtrees[step] = chain.subtrees[step].root(), Frontier()
    level = STEP * (step + 1)
    index = (chain.tree.size >> level) - 1
    kept = Subtree.objects.filter(chain=chain.id, level=level, index=index).values_list("hash", flat=True).first()
    if kept is not None and kept != root.hex():
        return f"ends a part of the tree (level {level}, {index}) whose kept hash was altered"
    return _wrong_subtrees(root, chain, step + 1)


def _wrong_at_end(chain: _Chain, head: Head | None) -> Fault | None:
    now = Head.objects.filter(chain=chain.id).first()
    if head is None and now is None:
        return _gone(chain, "the end of the chain is not known: its row is gone")
    if head is not None and head.position > chain.position:
        return _gone(chain, f"missing: the chain ended at {head.position}, and its last entries are gone")
    if now is None or now.position < chain.position:
        return _gone(chain, "the end of the chain was set back", chain.position)
    if now.position == chain.position and (now.hash, chain.id) != (chain.hash, str(now.chain)):
        return _gone(chain, "the end of the chain names another entry", chain.position)
    if chain.statements:
        said = chain.statements[0]
        return _gone(chain, f"missing: {said.where} signed {said.size} entries, and the last of them are gone")
    return None


def _gone(chain: _Chain, what: str, position: int = 0) -> Fault:
    return Fault(chain.id, position or chain.position + 1, what)


def _had_entries(chain: str, heads: dict[str, Head], statements: dict[str, list[Statement]]) -> bool:
    return bool(statements.get(chain)) or (chain in heads and heads[chain].position > 0)


def _heads(only: UUID | None) -> dict[str, Head]:
    heads = Head.objects.all() if only is None else Head.objects.filter(chain=only)
    return {str(head.chain): head for head in heads}


def _erased(chain: str) -> set[str]:
    """The ids that the chain's own erasures name. Whether those entries are sound is found when they are come to."""
    if not stored.is_id(chain):
        return set()
    erasures = stored.entries(UUID(chain), action=ERASE)
    return {each for row in erasures if row.text and row.salt for each in _named(row)}


def _named(row: StoredEntry) -> list[str]:
    if form.payload_commitment(row.salt or "", row.text or "") != row.commitment:
        return []
    named: list[str] = json.loads(row.text or "")["after"]["erased"]
    return named


def _statements(only: UUID | None, against: Iterable[str]) -> tuple[dict[str, list[Statement]], list[Fault]]:
    """What was signed of each chain, the shortest first: what is kept here, and what was kept elsewhere."""
    key = public_key()
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    faults: list[Fault] = []
    kept = Checkpoint.objects.all() if only is None else Checkpoint.objects.filter(chain=only)
    read: list[tuple[str, str, tuple[UUID, int] | None]] = [
        (each.note, f"the checkpoint at {each.size}", (each.chain, each.size)) for each in kept
    ]
    read += [(text, "the checkpoint that you gave", None) for text in against]
    for text, where, of in read:
        try:
            note = notes.read(text)
        except notes.NotANote as fault:
            faults.append(Fault(str(of[0]) if of else "", of[1] if of else 0, f"{where} can't be read. {fault}"))
            continue
        if of not in (None, (note.chain, note.size)):
            faults.append(Fault(str(note.chain), note.size, f"{where} stands in another's place"))
        elif not notes.is_signed_by(note, key):
            faults.append(Fault(str(note.chain), note.size, f"{where} is not signed with the key of this site"))
        elif only in (None, note.chain) and note.size:
            found[str(note.chain)].append(Statement(note.size, note.root, where))
    return {chain: sorted(each, key=lambda said: said.size) for chain, each in found.items()}, faults
