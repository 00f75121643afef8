from evenhand.action_plan.register import ACTIONS
from evenhand.registers.urls import urls_of

app_name = "action_plan"

urlpatterns = [*urls_of(ACTIONS, "actions/")]
