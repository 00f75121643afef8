"""The periodic tasks that the modules declare (`Module.scheduled`). A worker runs them when they are due.

The time of the last run is stored in the database, so that a restart does not run every task at once and two workers do
not run the same task. A task that was interrupted by a crash is run again, so it must be safe to repeat.
"""

from evenhand.modules import ScheduledTask, registry


def scheduled_tasks() -> tuple[ScheduledTask, ...]:
    tasks = tuple(registry.declared("scheduled"))
    names = [task.name for task in tasks]
    if duplicate := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"Two periodic tasks are called “{duplicate}”: rename one of them.")
    return tasks
