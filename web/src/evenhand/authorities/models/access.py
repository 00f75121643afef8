"""The other ways to get a role: invitations, delegations and groups of a sign-in service."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from evenhand.authorities.enums import Role
from evenhand.authorities.models.bodies import Authority, Unit
from evenhand.authorities.models.people import User
from evenhand.records.classification import PERSONAL, PUBLIC, SECRET, Classification
from evenhand.records.data_subjects import DataSubject
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class Invitation(models.Model):
    """An offer of roles, sent to an email address. Only a digest of the token in its link is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    roles = models.JSONField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    token = ""  # set by the action that sends the invitation; never stored

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "email": PERSONAL,
        "name": PERSONAL,
        "roles": PERSONAL,
        "unit": PERSONAL,
        "token_sha256": SECRET,
        "invited_by": PERSONAL,
        "sent_at": PERSONAL,
        "expires_at": PERSONAL,
        "accepted_at": PERSONAL,
        "accepted_by": PERSONAL,
        "withdrawn_at": PERSONAL,
    }
    data_subject: ClassVar[DataSubject] = DataSubject("email", "accepted_by", erased=True)
    retention: ClassVar[Retention] = Retention(
        reason="to look into an invitation that did not arrive",
        days=183,
        after="expires_at",
        event="the invitation expires",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} to {self.authority}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and not self.has_expired

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


class Delegation(models.Model):
    """A person's role, delegated to a colleague from the start of one day to the end of another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="delegations")
    role = models.CharField(max_length=20, choices=Role.choices)
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_received")
    reason = models.CharField(max_length=500)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_early_at = models.DateTimeField(null=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "role": PERSONAL,
        "giver": PERSONAL,
        "receiver": PERSONAL,
        "reason": PERSONAL,
        "starts_at": PERSONAL,
        "ends_at": PERSONAL,
        "ended_early_at": PERSONAL,
    }
    data_subject: ClassVar[DataSubject] = DataSubject("giver", "receiver", blanked=("reason",))
    retention: ClassVar[Retention] = Retention(
        reason="to show who had which permissions", days=2_190, after="ends_at", event="the delegation ends"
    )

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(giver=models.F("receiver")), name="nobody_lends_to_themselves"),
            models.CheckConstraint(condition=models.Q(ends_at__gte=models.F("starts_at")), name="delegation_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.giver} to {self.receiver}"

    @property
    def first_day(self) -> date:
        return timezone.localdate(self.starts_at)

    @property
    def last_day(self) -> date:
        return timezone.localdate(self.ends_at)


class GroupRole(models.Model):
    """Members of this group of the authority's sign-in service get this role when they next sign in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="group_roles")
    provider = models.CharField(max_length=100)
    group = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role.choices)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "provider": PUBLIC,
        "group": PUBLIC,
        "role": PUBLIC,
        "set_by": PERSONAL,
    }
    data_subject: ClassVar[str] = "set_by"
    retention: ClassVar[Retention] = Retention(reason="until an administrator removes it")

    class Meta:
        ordering = ["provider", "group", "role"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "provider", "group", "role"], name="group_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_role_display()}"
