"""What else must end when a person's access ends. The rooms above say what: sessions, keys, subscriptions.

    leaving.on_leave(end_sessions)      # in AppConfig.ready of the room that knows

Called within the transaction that ends the access: with the authority that the person leaves, and once more with
None when they have no role anywhere any more.
"""

from collections.abc import Callable

from evenhand.authorities.models import Authority, User

Callback = Callable[[User, Authority | None], object]
_callbacks: list[Callback] = []


def on_leave(callback: Callback) -> None:
    if callback not in _callbacks:
        _callbacks.append(callback)


def leave(person: User, authority: Authority | None) -> None:
    for callback in _callbacks:
        callback(person, authority)
