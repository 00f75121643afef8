from django.urls import path

from evenhand.privacy.views import erasing, objections, own, requests

app_name = "privacy"
REQUESTS = "<slug:authority>/requests/"
REQUEST = f"{REQUESTS}<uuid:request_id>/"

urlpatterns = [
    path("my-data/", own.my_data, name="my_data"),
    path("my-data/file/", own.file, name="my_file"),
    path("my-data/ask/", own.ask, name="ask"),
    path(REQUESTS, requests.all_of_them, name="requests"),
    path(f"{REQUESTS}new/", requests.receive, name="receive"),
    path(f"{REQUESTS}objections/", objections.objections, name="objections"),
    path(f"{REQUESTS}objections/end/", objections.end, name="objection_end"),
    path(REQUEST, requests.request, name="request"),
    path(f"{REQUEST}data/", requests.data, name="request_data"),
    path(f"{REQUEST}data/file/", requests.file, name="request_file"),
    path(f"{REQUEST}close/", requests.close, name="request_close"),
    path(f"{REQUEST}erase/", erasing.erase, name="request_erase"),
]
