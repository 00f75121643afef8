"""A person's tasks on the staff home page, from all modules (`Module.staff_tasks`)."""

from datetime import date

from evenhand.authorities.models import Authority, User
from evenhand.modules import StaffTask, registry


def tasks_for(person: User) -> list[StaffTask]:
    """All the person's tasks: those with a due date first, the earliest first."""
    tasks = [task for provider in registry.declared("staff_tasks") for task in provider(person)]
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max))


def tasks_at(authority: Authority, person: User) -> list[StaffTask]:
    """The person's tasks whose page belongs to the authority."""
    return [task for task in tasks_for(person) if task.link.startswith(f"/work/{authority.slug}/")]
