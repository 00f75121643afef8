from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from evenhand.authorities.enums import Role
from evenhand.authorities.models.bodies import Authority, Unit
from evenhand.records.classification import PERSONAL, PUBLIC, SECRET, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, *, invented: bool = False) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name, invented=invented)
        user.set_password(password)  # None sets an unusable password
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who works with the system, at one or more authorities through memberships."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(
        default=False,
        help_text="The account that commands on the server run as. There is one, and it can't sign in.",
    )
    invented = models.BooleanField(
        default=False, help_text="Made up, to work for invented authorities only. Fixed when the account is created."
    )
    left_at = models.DateTimeField(null=True, help_text="When the person's access ended everywhere.")

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "email": PERSONAL,
        "name": PERSONAL,
        "password": SECRET,
        "last_login": PERSONAL,
        "is_active": PERSONAL,
        "is_operator": PUBLIC,
        "invented": PUBLIC,
        "left_at": PERSONAL,
    }
    data_subject: ClassVar[str] = "id"
    retention: ClassVar[Retention] = Retention(
        reason="and then the name and email address are erased",
        days=2_190,
        after="left_at",
        event="the person's access ends everywhere",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_operator"], condition=models.Q(is_operator=True), name="one_operator")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role at an authority."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="memberships")
    source = models.CharField(
        max_length=100,
        blank=True,
        help_text="The sign-in service that gave the role through a group; empty if a person gave it.",
    )
    group_lost_at = models.DateTimeField(
        null=True, help_text="When no group gave the role any more; the last administrator keeps it."
    )
    started_at = models.DateTimeField(null=True, help_text="Empty if it is not known.")
    ended_at = models.DateTimeField(null=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "user": PERSONAL,
        "role": PERSONAL,
        "unit": PERSONAL,
        "source": PERSONAL,
        "group_lost_at": PERSONAL,
        "started_at": PERSONAL,
        "ended_at": PERSONAL,
    }
    data_subject: ClassVar[str] = "user"
    retention: ClassVar[Retention] = Retention(
        reason="to show who had which permissions", days=2_190, after="ended_at", event="the role ends"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "user", "role"], condition=models.Q(ended_at=None), name="one_of_each_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.authority}: {self.get_role_display()}"
