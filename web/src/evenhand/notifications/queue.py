"""The task queue: each task is taken by one worker, and by another one if that worker dies.

django-tasks-db stores and runs the tasks. Its own worker locks the whole SQLite database to look for a task, and never
releases the task of a worker that died. So tasks are taken here.
"""

from uuid import UUID

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult

from evenhand.notifications.heartbeat import registered_worker
from evenhand.notifications.queries import live_workers

MAX_ATTEMPTS = 5


class WorkerLost(RuntimeError):
    """Every worker that took the task died while running it."""


def run_one(worker_id: UUID) -> bool:
    """Run the next task that is ready. Returns False if there is none."""
    task = _take(worker_id)
    if task is None:
        return False
    _runner(worker_id).run_task(task)
    return True


def run_all() -> int:
    """Run all tasks that are ready in this process, for tests and for commands that must not wait for a worker."""
    with registered_worker(beating=False) as worker_id:
        count = 0
        while run_one(worker_id):
            count += 1
    return count


def requeue_abandoned() -> None:
    """Make tasks ready again whose worker is no longer alive."""
    live_ids = {str(worker_id) for worker_id in live_workers().values_list("id", flat=True)}
    for task in DBTaskResult.objects.running():
        if task.worker_ids and task.worker_ids[-1] in live_ids:
            continue
        if len(task.worker_ids) >= MAX_ATTEMPTS:
            task.set_failed(WorkerLost(f"taken {MAX_ATTEMPTS} times, and every worker died with it"))
        else:  # unless another worker has taken it meanwhile
            abandoned = DBTaskResult.objects.filter(
                id=task.id, started_at=task.started_at, status=TaskResultStatus.RUNNING
            )
            abandoned.update(status=TaskResultStatus.READY)


def _take(worker_id: UUID) -> DBTaskResult[..., object] | None:
    while task := DBTaskResult.objects.ready().first():
        ready = DBTaskResult.objects.filter(id=task.id, status=TaskResultStatus.READY)
        worker_ids = [*task.worker_ids, str(worker_id)]
        if ready.update(status=TaskResultStatus.RUNNING, started_at=timezone.now(), worker_ids=worker_ids):
            task.refresh_from_db()
            return task
    return None


def _runner(worker_id: UUID) -> TaskRunner:
    return TaskRunner(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=str(worker_id),
        excluded_queue_names=[],
    )
