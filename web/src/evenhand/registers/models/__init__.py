from evenhand.registers.models.dated import Dated
from evenhand.registers.models.history import RecordVersion
from evenhand.registers.models.mixins import Numbered, Record, Stateful
from evenhand.registers.models.posts import Post

__all__ = ["Dated", "Numbered", "Post", "Record", "RecordVersion", "Stateful"]
