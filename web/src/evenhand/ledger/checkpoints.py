"""Checkpoints: signed statements of how many entries a chain has and of the root of its Merkle tree."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evenhand.ledger import notes
from evenhand.ledger.keys import signing_key
from evenhand.ledger.models import Checkpoint, Head
from evenhand.ledger.tree import Tree


def issue(chain: UUID) -> Checkpoint | None:
    """Sign the chain's current state. Returns the existing checkpoint if nothing was added since it was issued."""
    head = Head.objects.filter(chain=chain, position__gt=0).first()
    if head is None:
        return None
    if issued := Checkpoint.objects.filter(chain=chain, size=head.position).first():
        return issued
    tree = Tree(chain, head.position)
    tree.store_complete_subtrees()
    note = notes.write(chain, tree.size, tree.root(), signing_key())
    checkpoint = Checkpoint(chain=chain, size=tree.size, note=note, issued_at=timezone.now())
    Checkpoint.objects.bulk_create([checkpoint], ignore_conflicts=True)  # two processes would sign the same statement
    return Checkpoint.objects.get(chain=chain, size=tree.size)


def issue_all() -> int:
    """Issue a checkpoint for every chain. The worker does this hourly, and `evenhand ledger checkpoint` on demand.

    In one transaction, because on SQLite each separate write would have to wait for a busy writer.
    """
    with transaction.atomic():
        chains = list(Head.objects.order_by("chain").values_list("chain", flat=True))
        return sum(issue(chain) is not None for chain in chains)


def latest(chain: UUID) -> Checkpoint | None:
    """The latest checkpoint. If the chain has none yet, the first one is issued now."""
    return Checkpoint.objects.filter(chain=chain).order_by("-size").first() or issue(chain)


def first(chain: UUID) -> Checkpoint | None:
    return Checkpoint.objects.filter(chain=chain).order_by("size").first()


def of_size(chain: UUID, size: int) -> Checkpoint | None:
    return Checkpoint.objects.filter(chain=chain, size=size).first()
