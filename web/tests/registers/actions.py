from evenhand.action_plan.register import ACTIONS
from evenhand.authorities.enums import Role
from registers.examples import RegisterExample

EDITORS = frozenset({Role.OFFICER, Role.APPROVER})

EXAMPLE = RegisterExample(
    register=ACTIONS,
    values=lambda _authority: {"wording": "Publish the guidance", "due": "Q2 2026/27"},
    text="wording",
    other=("partners", "Deaf society"),
    editors=EDITORS,
    readers=EDITORS | {Role.VIEWER, Role.ANALYST},
    steps={
        "planned": frozenset({"start", "block", "stop"}),
        "in_progress": frozenset({"block", "finish", "stop"}),
        "blocked": frozenset({"start", "stop"}),
        "done": frozenset({"reopen"}),
        "stopped": frozenset(),
    },
    roles=dict.fromkeys(("start", "block", "finish", "reopen", "stop"), EDITORS),
    personal={},
)
