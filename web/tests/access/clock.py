from access.rules import ALL_ROLES, KEPT, Rule
from evenhand.authorities.enums import Role

ADMIN = frozenset({Role.ADMINISTRATOR})
HOLIDAYS = "/work/{authority}/holidays/"

RULES = {
    "clock:holidays": Rule(HOLIDAYS, opens=ALL_ROLES),
    "clock:holiday_add": Rule(f"{HOLIDAYS}add/", opens=ADMIN, posts=ADMIN),
    "clock:holiday_remove": Rule(f"{HOLIDAYS}2026-12-25/remove/", opens=ADMIN, posts=ADMIN, only_posts=True),
    "clock:holiday_restore": Rule(f"{HOLIDAYS}2026-12-25/restore/", opens=ADMIN, posts=ADMIN, only_posts=True),
}
FREE_TEXT = {
    "HolidayForm.name": KEPT,
}
