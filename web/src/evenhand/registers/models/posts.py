from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, Unit, User
from evenhand.records.classification import PERSONAL, PUBLIC, Classification
from evenhand.records.data_subjects import DataSubject
from evenhand.records.retention import Retention
from evenhand.registers.models.mixins import Record, Stateful


class Post(Stateful, Record):
    """A job at an authority that answers for something. Its holder may have an account or not, and may change."""

    title = models.CharField(_("title of the post"), max_length=200)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    holder = models.ForeignKey(
        User,
        verbose_name=_("held by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("A colleague who has an account here."),
    )
    contact_name = models.CharField(
        _("name of a holder without an account"),
        max_length=200,
        blank=True,
        help_text=_("Only if the person who holds the post has no account here."),
    )
    contact_email = models.EmailField(_("email of a holder without an account"), blank=True)

    classified: ClassVar[dict[str, Classification]] = {
        **Record.record_classes,
        **Stateful.state_classes,
        "title": PUBLIC,
        "unit": PUBLIC,
        "holder": PERSONAL,
        "contact_name": PERSONAL,
        "contact_email": PERSONAL,
    }
    data_subject: ClassVar[DataSubject] = DataSubject(
        "holder", "contact_email", blanked=("contact_name", "contact_email")
    )
    retention: ClassVar[Retention] = Retention(reason="permanently, because records say which post answers for them")

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "title"],
                condition=models.Q(state="current"),
                name="post_title_once",
                violation_error_message="There is already a post with this title.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def holder_name(self) -> str:
        return self.holder.name if self.holder else self.contact_name


def current_posts(authority: Authority) -> models.QuerySet[Post]:
    return Post.objects.filter(authority=authority, state="current")
