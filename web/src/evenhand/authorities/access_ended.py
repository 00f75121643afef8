"""What other apps end when a person's access ends, such as sessions and keys.

    access_ended.register(end_sessions)      # in AppConfig.ready

Callbacks run in the transaction that ends the access: once with the authority that the person leaves, and again with
None if they have no role at any authority any more.
"""

from collections.abc import Callable

from evenhand.authorities.models import Authority, User

Callback = Callable[[User, Authority | None], object]
_callbacks: list[Callback] = []


def register(callback: Callback) -> None:
    if callback not in _callbacks:
        _callbacks.append(callback)


def notify(person: User, authority: Authority | None) -> None:
    for callback in _callbacks:
        callback(person, authority)
