from django.db import migrations

from evenhand.records.immutability import Frozen


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        Frozen(
            "plans_plan",
            on=("update", "delete"),
            when="OLD.published_at IS NOT NULL",
            message="a published plan cannot be changed",
        ),
        Frozen(
            "plans_plannode",
            on=("update", "delete"),
            when="(SELECT published_at FROM plans_plan WHERE id = OLD.plan_id) IS NOT NULL",
            message="the words of a published plan cannot be changed",
        ),
        Frozen(
            "plans_plannode",
            on=("insert",),
            when="(SELECT published_at FROM plans_plan WHERE id = NEW.plan_id) IS NOT NULL",
            message="a published plan takes no more words",
        ),
        Frozen(
            "plans_nodeclause",
            on=("update", "delete"),
            when=(
                "(SELECT p.published_at FROM plans_plan p JOIN plans_plannode n ON n.plan_id = p.id "
                "WHERE n.id = OLD.node_id) IS NOT NULL"
            ),
            message="the promises of a published plan cannot be changed",
        ),
        Frozen(
            "plans_nodeclause",
            on=("insert",),
            when=(
                "(SELECT p.published_at FROM plans_plan p JOIN plans_plannode n ON n.plan_id = p.id "
                "WHERE n.id = NEW.node_id) IS NOT NULL"
            ),
            message="a published plan takes no more promises",
        ),
    ]
