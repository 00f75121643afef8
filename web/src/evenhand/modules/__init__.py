"""What each module of the site declares about itself, in its own `module.py`, and where the others read it.

Nothing here knows any particular module. The declarations are in `declarations`, the list of what was declared in
`registry`, and the system checks that compare the declarations with the code in `checks` and `source`.
"""

from evenhand.modules.declarations import (
    ChangedPages,
    Module,
    PageChange,
    Permission,
    PersonalDataHolder,
    PublishedItem,
    RecordedAction,
    ScheduledTask,
    StaffSection,
    StaffTask,
    SubjectKind,
    SubjectName,
)

__all__ = [
    "ChangedPages",
    "Module",
    "PageChange",
    "Permission",
    "PersonalDataHolder",
    "PublishedItem",
    "RecordedAction",
    "ScheduledTask",
    "StaffSection",
    "StaffTask",
    "SubjectKind",
    "SubjectName",
]
