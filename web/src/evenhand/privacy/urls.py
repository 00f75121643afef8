from django.urls import path

from evenhand.privacy.views import erasing, my_data, objections, requests, time_limits

app_name = "privacy"
REQUESTS = "<slug:authority>/requests/"
REQUEST = f"{REQUESTS}<uuid:request_id>/"

urlpatterns = [
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/file/", my_data.download, name="my_file"),
    path("my-data/ask/", my_data.make_request, name="ask"),
    path(REQUESTS, requests.request_list, name="requests"),
    path(f"{REQUESTS}new/", requests.receive, name="receive"),
    path(f"{REQUESTS}objections/", objections.objections, name="objections"),
    path(f"{REQUESTS}objections/end/", objections.withdraw_objection, name="objection_end"),
    path(REQUEST, requests.request_detail, name="request"),
    path(f"{REQUEST}data/", requests.data, name="request_data"),
    path(f"{REQUEST}data/file/", requests.download, name="request_file"),
    path(f"{REQUEST}close/", requests.close, name="request_close"),
    path(f"{REQUEST}stop/", time_limits.StopClockView.as_view(), name="request_stop"),
    path(f"{REQUEST}restart/", time_limits.RestartClockView.as_view(), name="request_restart"),
    path(f"{REQUEST}extend/", time_limits.ExtendView.as_view(), name="request_extend"),
    path(f"{REQUEST}erase/", erasing.erase, name="request_erase"),
]
