"""What other modules end when a person's access ends, such as sessions and keys (`Module.on_leaving`).

The functions run in the transaction that ends the access: once with the authority that the person leaves, and again
with None if the person has no role at any authority any more.
"""

from evenhand.authorities.models import Authority, User
from evenhand.modules import registry


def notify(person: User, authority: Authority | None) -> None:
    for end in registry.declared("on_leaving"):
        end(person, authority)
