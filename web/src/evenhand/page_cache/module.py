"""What the page cache declares to the rest of the site."""

from evenhand.modules import Module, ScheduledTask
from evenhand.page_cache import store

DAY = 86_400

MODULE = Module(scheduled=(ScheduledTask("page_cache.expired", DAY, store.delete_expired),))
