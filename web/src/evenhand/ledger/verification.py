"""Verify the whole ledger: every column, link, payload and checkpoint. Only reads, never writes.

Memory holds one entry at a time, a few hashes for each chain, and the ids of erased entries. It may run while others
write: an entry added in the meantime is seen completely or not at all.
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
class VerificationProblem:
    """The first problem in a chain. For a missing entry only the position is known."""

    chain: str
    position: int
    description: str
    entry_id: str = ""
    at: str = ""


@dataclass(frozen=True)
class VerificationReport:
    chains: int
    entries: int
    checkpoints: int
    problems: tuple[VerificationProblem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class SignedStatement:
    """A signed size and root, and where it came from."""

    size: int
    root: bytes
    source: str


@dataclass
class _Chain:
    id: str
    statements: list[SignedStatement]  # shortest first
    erased: set[str]
    position: int = 0
    hash: str = form.NOTHING_BEFORE
    confirmed_size: int = 0  # the largest size for which a checkpoint was confirmed
    tree: Frontier = field(default_factory=Frontier)
    subtrees: list[Frontier] = field(default_factory=list)


def verify(*, only: UUID | None = None, against: Sequence[str] = ()) -> VerificationReport:
    """Verify the whole ledger, or one chain, also against the texts of checkpoints that were kept elsewhere."""
    heads = _heads(only)  # read before the entries: every entry that they count must be found
    statements, problems = _statements(only, against)
    checkpoints = sum(len(chain_statements) for chain_statements in statements.values())
    chains = entries = 0
    missing = set(heads) | set(statements)
    for chain_id, rows in groupby(stored.entries(only), key=lambda row: row.chain):
        chain = _Chain(chain_id, statements.get(chain_id, []), _erased(chain_id))
        problem = _verify_chain(chain, rows, heads.get(chain_id))
        problems += [problem] if problem else []
        missing.discard(chain_id)
        chains, entries = chains + 1, entries + chain.position
    emptied = (chain_id for chain_id in sorted(missing) if _had_entries(chain_id, heads, statements))
    problems += [VerificationProblem(chain_id, 1, "every entry is missing") for chain_id in emptied]
    if only is None and (orphans := stored.payloads_without_entry()):
        problems.append(VerificationProblem("", 0, f"{orphans} payloads belong to missing entries"))
    return VerificationReport(chains, entries, checkpoints, tuple(problems))


def _verify_chain(chain: _Chain, rows: Iterator[StoredEntry], head: Head | None) -> VerificationProblem | None:
    for row in rows:
        if problem := _entry_problem(row, chain, head):
            return problem
        chain.position, chain.hash = row.position, row.entry_hash
    return _end_problem(chain, head)


def _entry_problem(row: StoredEntry, chain: _Chain, head: Head | None) -> VerificationProblem | None:
    expected = chain.position + 1
    if row.position > expected:
        one = row.position == expected + 1
        gap = f"position {expected} has" if one else f"positions {expected} to {row.position - 1} have"
        return _chain_problem(chain, f"missing: {gap} no entry; the next entry is {row.id} at {row.position}")
    description = (
        _position_problem(row, expected)
        or _content_problem(row, chain)
        or _payload_problem(row, chain)
        or _head_problem(row, head)
        or _tree_problem(row, chain)
    )
    return VerificationProblem(chain.id, row.position, description, row.id, row.at) if description else None


def _position_problem(row: StoredEntry, expected: int) -> str:
    if row.position < expected:
        return "has the same position as another entry"
    if row.chain != (row.authority_id or str(form.SYSTEM)):
        return "is in the chain of another authority"
    return ""


def _content_problem(row: StoredEntry, chain: _Chain) -> str:
    if row.fingerprint() != row.entry_hash:
        return "was altered: its columns do not match its fingerprint"
    if row.previous != chain.hash:
        return "does not follow from the entry before it: that entry was replaced, or this one was inserted"
    return ""


def _payload_problem(row: StoredEntry, chain: _Chain) -> str:
    if row.text is None or row.salt is None:
        if row.action == ERASE:
            return "lists erased entries, but its own details are missing"
        return "" if row.id in chain.erased else "has lost its details, and no entry records their erasure"
    if form.payload_commitment(row.salt, row.text) != row.commitment:
        return "has details that differ from those recorded"
    return ""


def _head_problem(row: StoredEntry, head: Head | None) -> str:
    if head is not None and row.position == head.position and row.entry_hash != head.hash:
        return "is not the entry recorded as the end of the chain"
    return ""


def _tree_problem(row: StoredEntry, chain: _Chain) -> str:
    leaf = bytes.fromhex(row.entry_hash)
    chain.tree.add(leaf)
    if (description := _subtree_problem(leaf, chain)) != "":
        return description
    while chain.statements and chain.statements[0].size == row.position:
        statement = chain.statements.pop(0)
        if statement.root != chain.tree.root():
            return (
                f"is the last of the entries that {statement.source} signed, but these are no longer the same entries: "
                f"at least one from position {chain.confirmed_size + 1} to {statement.size} was rewritten"
            )
        chain.confirmed_size = statement.size
    return ""


def _subtree_problem(leaf: bytes, chain: _Chain, step: int = 0) -> str:
    """Compare the stored hash of each complete subtree with the entries under it."""
    if step == len(chain.subtrees):
        chain.subtrees.append(Frontier())
    chain.subtrees[step].add(leaf)
    if chain.subtrees[step].size < 1 << STEP:
        return ""
    root, chain.subtrees[step] = chain.subtrees[step].root(), Frontier()
    level = STEP * (step + 1)
    index = (chain.tree.size >> level) - 1
    subtree_hash = (
        Subtree.objects.filter(chain=chain.id, level=level, index=index).values_list("hash", flat=True).first()
    )
    if subtree_hash is not None and subtree_hash != root.hex():
        return f"ends a part of the tree (level {level}, {index}) whose stored hash was altered"
    return _subtree_problem(root, chain, step + 1)


def _end_problem(chain: _Chain, head: Head | None) -> VerificationProblem | None:
    now = Head.objects.filter(chain=chain.id).first()
    if head is None and now is None:
        return _chain_problem(chain, "the row that records the end of the chain is missing")
    if head is not None and head.position > chain.position:
        return _chain_problem(chain, f"missing: the chain ended at {head.position}, but its last entries are missing")
    if now is None or now.position < chain.position:
        return _chain_problem(chain, "the recorded end of the chain was moved back", chain.position)
    if now.position == chain.position and (now.hash, chain.id) != (chain.hash, str(now.chain)):
        return _chain_problem(chain, "the recorded end of the chain is a different entry", chain.position)
    if chain.statements:
        statement = chain.statements[0]
        return _chain_problem(
            chain, f"missing: {statement.source} signed {statement.size} entries, but the last of them are missing"
        )
    return None


def _chain_problem(chain: _Chain, description: str, position: int = 0) -> VerificationProblem:
    return VerificationProblem(chain.id, position or chain.position + 1, description)


def _had_entries(chain: str, heads: dict[str, Head], statements: dict[str, list[SignedStatement]]) -> bool:
    return bool(statements.get(chain)) or (chain in heads and heads[chain].position > 0)


def _heads(only: UUID | None) -> dict[str, Head]:
    heads = Head.objects.all() if only is None else Head.objects.filter(chain=only)
    return {str(head.chain): head for head in heads}


def _erased(chain: str) -> set[str]:
    """The ids listed in the chain's erasure entries. Those entries are themselves verified in their turn."""
    if not stored.is_id(chain):
        return set()
    erasures = stored.entries(UUID(chain), action=ERASE)
    return {entry_id for row in erasures if row.text and row.salt for entry_id in _erased_by(row)}


def _erased_by(row: StoredEntry) -> list[str]:
    if form.payload_commitment(row.salt or "", row.text or "") != row.commitment:
        return []
    entry_ids: list[str] = json.loads(row.text or "")["after"]["erased"]
    return entry_ids


def _statements(
    only: UUID | None, against: Iterable[str]
) -> tuple[dict[str, list[SignedStatement]], list[VerificationProblem]]:
    """The signed statements about each chain, shortest first: those stored here and those kept elsewhere."""
    key = public_key()
    statements: defaultdict[str, list[SignedStatement]] = defaultdict(list)
    problems: list[VerificationProblem] = []
    checkpoints = Checkpoint.objects.all() if only is None else Checkpoint.objects.filter(chain=only)
    texts: list[tuple[str, str, tuple[UUID, int] | None]] = [
        (checkpoint.note, f"the checkpoint at {checkpoint.size}", (checkpoint.chain, checkpoint.size))
        for checkpoint in checkpoints
    ]
    texts += [(text, "the checkpoint that you gave", None) for text in against]
    for text, source, expected in texts:
        try:
            note = notes.read(text)
        except notes.InvalidNote as error:
            chain, size = (str(expected[0]), expected[1]) if expected else ("", 0)
            problems.append(VerificationProblem(chain, size, f"{source} can't be read. {error}"))
            continue
        if expected not in (None, (note.chain, note.size)):
            problem = f"{source} was replaced by another checkpoint"
            problems.append(VerificationProblem(str(note.chain), note.size, problem))
        elif not notes.is_signed_by(note, key):
            problem = f"{source} is not signed with the key of this site"
            problems.append(VerificationProblem(str(note.chain), note.size, problem))
        elif only in (None, note.chain) and note.size:
            statements[str(note.chain)].append(SignedStatement(note.size, note.root, source))
    ordered = {chain: sorted(signed, key=lambda statement: statement.size) for chain, signed in statements.items()}
    return ordered, problems
