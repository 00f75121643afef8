from django.db import migrations

from evenhand.records.immutability import Frozen

NODE = "(SELECT published_at FROM plans_plan WHERE id = {}.plan_id) IS NOT NULL"
CLAUSE = (
    "(SELECT p.published_at FROM plans_plan p JOIN plans_plannode n ON n.plan_id = p.id "
    "WHERE n.id = {}.node_id) IS NOT NULL"
)


def frozen(table: str, out: str, what: str) -> list[Frozen]:
    old, new = out.format("OLD"), out.format("NEW")
    changed = f"the {what} of a published plan cannot be changed"
    return [
        Frozen(table, on=("update",), when=f"({old}) OR ({new})", message=changed),
        Frozen(table, on=("delete",), when=old, message=changed),
        Frozen(table, on=("insert",), when=new, message=f"a published plan takes no more {what}"),
    ]


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        Frozen(
            "plans_plan",
            on=("update", "delete"),
            when="OLD.published_at IS NOT NULL",
            message="a published plan cannot be changed",
        ),
        *frozen("plans_plannode", NODE, "words"),
        *frozen("plans_nodeclause", CLAUSE, "promises"),
    ]
