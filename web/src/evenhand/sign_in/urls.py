from allauth.account.views import login, logout
from django.urls import path

urlpatterns = [
    path("sign-in/", login, name="account_login"),
    path("sign-out/", logout, name="account_logout"),
]
