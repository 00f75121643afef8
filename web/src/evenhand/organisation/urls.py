from evenhand.organisation.posts import POSTS
from evenhand.registers.urls import urls_of

app_name = "organisation"

urlpatterns = [*urls_of(POSTS, "posts/")]
