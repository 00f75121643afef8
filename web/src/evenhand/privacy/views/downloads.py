from django.http import HttpResponse

from evenhand.privacy import report_files


def zip_response(content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{report_files.NAME}.zip"'},
    )
