"""Signed statements of how long each chain is and what its tree comes to."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evenhand.ledger import notes
from evenhand.ledger.keys import signing_key
from evenhand.ledger.models import Checkpoint, Head
from evenhand.ledger.tree import Tree


def issue(chain: UUID) -> Checkpoint | None:
    """The statement of the chain as it stands; the one that was issued, where nothing was added since."""
    head = Head.objects.filter(chain=chain, position__gt=0).first()
    if head is None:
        return None
    if issued := Checkpoint.objects.filter(chain=chain, size=head.position).first():
        return issued
    tree = Tree(chain, head.position)
    tree.keep()
    note = notes.write(chain, tree.size, tree.root(), signing_key())
    made = Checkpoint(chain=chain, size=tree.size, note=note, issued_at=timezone.now())
    Checkpoint.objects.bulk_create([made], ignore_conflicts=True)  # two at once say the same
    return Checkpoint.objects.get(chain=chain, size=tree.size)


def issue_all() -> int:
    """For every chain. Done by the worker, once in a while, and by `evenhand ledger checkpoint`.

    In one transaction: on SQLite beside a busy writer, each one has to wait for its turn.
    """
    with transaction.atomic():
        chains = list(Head.objects.order_by("chain").values_list("chain", flat=True))
        return sum(issue(chain) is not None for chain in chains)


def latest(chain: UUID) -> Checkpoint | None:
    """The last that was issued. The first is issued when it is first asked for, so that no chain is without one."""
    return Checkpoint.objects.filter(chain=chain).order_by("-size").first() or issue(chain)


def first(chain: UUID) -> Checkpoint | None:
    return Checkpoint.objects.filter(chain=chain).order_by("size").first()


def of_size(chain: UUID, size: int) -> Checkpoint | None:
    return Checkpoint.objects.filter(chain=chain, size=size).first()
