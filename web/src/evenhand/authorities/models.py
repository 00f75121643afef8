from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models

from evenhand.authorities.enums import Kind, Role
from evenhand.records.classification import PERSONAL, PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Kept


class Authority(models.Model):
    """A public body that owes the equality duty. Everything else belongs to one of these."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(
        max_length=200,
        unique=True,
        validators=[RegexValidator(r"^[^=+\-@\s]", "A name begins with a letter or a figure.")],
    )
    kind = models.CharField(max_length=40, choices=Kind.choices)
    area_code = models.CharField(
        max_length=9,
        validators=[RegexValidator(r"^[EJKNSW][0-9]{8}$", "An area code is a letter and eight figures: E08000012.")],
        help_text="The statistical code of the area it serves, E47000004 for one.",
    )
    area_name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    demonstration = models.BooleanField(
        default=False,
        help_text="Shown as an example. Its pages say that the authority does not publish them.",
    )

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "slug": PUBLIC,
        "name": PUBLIC,
        "kind": PUBLIC,
        "area_code": PUBLIC,
        "area_name": PUBLIC,
        "parent": PUBLIC,
        "demonstration": PUBLIC,
    }
    kept: ClassVar[Kept] = Kept(why="for ever: published addresses lead to it")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "authorities"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)  # None leaves a password that nothing matches
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who works with the system. May belong to several authorities, so belongs to none itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(
        default=False,
        help_text="Whoever runs commands on the server itself. There is one, and it can't sign in.",
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
        "password": PERSONAL,
        "last_login": PERSONAL,
        "is_active": PERSONAL,
        "is_operator": PUBLIC,
        "left_at": PERSONAL,
    }
    kept: ClassVar[Kept] = Kept(
        why="as long as the person has access; then the name and address are erased", days=2_190, after="left_at"
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
    ended_at = models.DateTimeField(null=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "user": PERSONAL,
        "role": PERSONAL,
        "ended_at": PERSONAL,
    }
    kept: ClassVar[Kept] = Kept(why="six years, so that who could do what can be shown", days=2_190, after="ended_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "user", "role"], condition=models.Q(ended_at=None), name="one_of_each_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.authority}: {self.get_role_display()}"
