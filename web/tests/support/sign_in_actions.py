"""Every sign-in action: the roles that may do it to a colleague, and an example call.

People may do all of these to their own account; `integration/test_sign_in.py` tests that.
"""

from collections.abc import Callable

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.sign_in import actions
from evenhand.sign_in.enums import KeptKind
from evenhand.sign_in.kept import storage
from support.authorities import calderdale_with_staff
from support.people_actions import somebody
from support.person import FREE_TEXT, RowCreator

ADMIN = Role.ADMINISTRATOR
NOBODY: set[Role] = set()

ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "sign_in.unlock": ({ADMIN}, lambda by: actions.unlock(somebody(), by=by, authority=calderdale_with_staff())),
    "sign_in.remove_second_steps": (
        {ADMIN},
        lambda by: actions.remove_second_steps(somebody(), by=by, reason="lost", authority=calderdale_with_staff()),
    ),
    "sign_in.lock": (NOBODY, lambda by: actions.lock("n@x.example", by=by)),
    "sign_in.make_account": (NOBODY, lambda by: actions.make_account("n@x.example", name="N", by=by)),
    "sign_in.sign_in": (NOBODY, lambda by: actions.sign_in(somebody(), by=by, ways=["password"])),
    "sign_in.add_second_step": (NOBODY, lambda by: actions.add_second_step(somebody(), by=by, kind="totp")),
    "sign_in.remove_second_step": (NOBODY, lambda by: actions.remove_second_step(somebody(), by=by, kind="totp")),
    "sign_in.change_password": (NOBODY, lambda by: actions.change_password(somebody(), by=by, how="by a link")),
    "sign_in.end_session": (NOBODY, lambda by: actions.end_session(somebody(), 1, by=by)),
    "sign_in.end_sessions": (NOBODY, lambda by: actions.end_sessions(somebody(), by=by)),
}
PERSON_ROWS: dict[str, RowCreator] = {
    "sign_in.keptcontent": lambda user, colleague, authority: storage.keep(
        user, KeptKind.FORM, {"page": "/work/", "path": "/work/", "fields": {"title": [FREE_TEXT]}}
    ),
}
