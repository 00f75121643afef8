"""The queue of tasks: each is taken by one worker, and taken again when that worker died with it in hand.

django-tasks-db keeps the tasks and runs one; but it locks the whole of SQLite to look for one, and leaves a task for
ever with a worker that died. So the taking is done here.
"""

from uuid import UUID

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as Runner
from django_tasks_db.models import DBTaskResult

from evenhand.notifications.heartbeat import enrolled
from evenhand.notifications.queries import living

TAKEN_AT_MOST = 5


class WorkerLost(RuntimeError):
    """Worker after worker died with the task in hand."""


def run_one(worker: UUID) -> bool:
    """Run the next task that is ready; False where there is none."""
    task = _take(worker)
    if task is None:
        return False
    _runner(worker).run_task(task)
    return True


def run_all() -> int:
    """Run what is ready, here and now; for tests, and for commands that must not wait."""
    with enrolled(beating=False) as me:
        done = 0
        while run_one(me):
            done += 1
    return done


def take_up_again() -> None:
    """Make ready again what a worker held that is no longer alive."""
    alive = {str(each) for each in living().values_list("id", flat=True)}
    for task in DBTaskResult.objects.running():
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        if len(task.worker_ids) >= TAKEN_AT_MOST:
            task.set_failed(WorkerLost(f"taken {TAKEN_AT_MOST} times, and every worker died with it"))
        else:  # if it is still the same taking
            mine = DBTaskResult.objects.filter(id=task.id, started_at=task.started_at, status=TaskResultStatus.RUNNING)
            mine.update(status=TaskResultStatus.READY)


def _take(worker: UUID) -> DBTaskResult[..., object] | None:
    while task := DBTaskResult.objects.ready().first():
        mine = DBTaskResult.objects.filter(id=task.id, status=TaskResultStatus.READY)
        worker_ids = [*task.worker_ids, str(worker)]
        if mine.update(status=TaskResultStatus.RUNNING, started_at=timezone.now(), worker_ids=worker_ids):
            task.refresh_from_db()
            return task
    return None


def _runner(worker: UUID) -> Runner:
    return Runner(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=str(worker),
        excluded_queue_names=[],
    )
