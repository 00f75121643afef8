from evenhand.registers.models.dated import Dated
from evenhand.registers.models.history import RecordVersion
from evenhand.registers.models.mixins import Numbered, Record, Stateful
from evenhand.registers.models.posts import Post, current_posts
from evenhand.registers.models.staged import StagedSheet

__all__ = ["Dated", "Numbered", "Post", "Record", "RecordVersion", "StagedSheet", "Stateful", "current_posts"]
