"""What records of registers have in common. A model takes the mixins that it needs, and adds their classes to its own.

class Action(Numbered, Stateful, Record):
    ...
    classified: ClassVar[...] = {**Record.fields_classified, **Stateful.fields_classified, ..., "wording": PUBLIC}
"""

from typing import ClassVar

from django.db import models

from evenhand.authorities.models import Authority
from evenhand.records.classification import PUBLIC, Classification
from evenhand.records.identity import new_id


class Record(models.Model):
    """A record of an authority, with a version that increases with each change of it or of its parts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    record_classes: ClassVar[dict[str, Classification]] = {"id": PUBLIC, "authority": PUBLIC, "version": PUBLIC}

    class Meta:
        abstract = True


class Numbered(models.Model):
    """A number within the authority that people can say: “ACT-014”. A number is never given twice."""

    number = models.PositiveIntegerField(editable=False)

    number_classes: ClassVar[dict[str, Classification]] = {"number": PUBLIC}
    number_prefix: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        return f"{self.number_prefix}-{self.number:03d}"


class Stateful(models.Model):
    """A state, of those that the register declares."""

    state = models.CharField(max_length=40, editable=False)

    state_classes: ClassVar[dict[str, Classification]] = {"state": PUBLIC}

    class Meta:
        abstract = True
