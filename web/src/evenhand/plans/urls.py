from django.urls import path

from evenhand.plans.views import plans, upload

app_name = "plans"
PLAN = "<slug:authority>/plans/<slug:plan>/"

urlpatterns = [
    path("<slug:authority>/plans/", plans.plans, name="plans"),
    path("<slug:authority>/new-plan/", upload.upload, name="upload"),  # not under plans/, where it could be a slug
    path(PLAN, plans.plan, name="plan"),
    path(f"{PLAN}publish/", plans.publish, name="publish"),
]
