from django.urls import path

from evenhand.plans.views import plans, taking_in

app_name = "plans"
ONE = "<slug:authority>/plans/<slug:plan>/"

urlpatterns = [
    path("<slug:authority>/plans/", plans.plans, name="plans"),
    path("<slug:authority>/new-plan/", taking_in.take_in, name="take_in"),  # a plan may be called anything
    path(ONE, plans.plan, name="plan"),
    path(f"{ONE}publish/", plans.publish, name="publish"),
]
