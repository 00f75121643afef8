from django.db import migrations

from evenhand.authorities.invented import IS_INVENTED, IS_SHOWN_FROM_SOURCES
from evenhand.records.immutability import Frozen

FIXED = "real or invented is fixed when it is added"
APART = "a real body and an invented one cannot be connected"
PARENT = f"{IS_INVENTED.format('parent_id')} <> NEW.invented"
SUCCESSION = f"{IS_INVENTED.format('predecessor_id')} <> {IS_INVENTED.format('successor_id')}"
PERSON = "(SELECT invented FROM authorities_user WHERE id = NEW.user_id)"


class Migration(migrations.Migration):
    dependencies = [("authorities", "0004_invented")]

    operations = [
        Frozen("authorities_authority", on=("update",), columns=("invented",), message=FIXED),
        Frozen("authorities_authority", on=("insert",), when=PARENT, message=APART, name="authorities_parent"),
        Frozen(
            "authorities_authority",
            on=("update",),
            when=PARENT,
            columns=("parent_id",),
            message=APART,
            name="authorities_parent",
        ),
        Frozen("authorities_succession", on=("insert", "update"), when=SUCCESSION, message=APART),
        Frozen("authorities_user", on=("update",), columns=("invented",), message=FIXED),
        Frozen(
            "authorities_membership",
            on=("insert",),
            when=f"{PERSON} <> {IS_INVENTED.format('authority_id')}",
            message="a real person works for real bodies, an invented person for invented ones",
            name="authorities_membership_kind",
        ),
        Frozen(
            "authorities_membership",
            on=("insert",),
            when=IS_SHOWN_FROM_SOURCES,
            message="nobody works for a real body that is only shown from published sources",
            name="authorities_membership_shown",
        ),
        Frozen(
            "authorities_membership",
            on=("update",),
            columns=("authority_id", "user_id"),
            message="a role stays with its person and its body",
            name="authorities_membership_kind",
        ),
    ]
