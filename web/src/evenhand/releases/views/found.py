from django.http import Http404

from evenhand.authorities.models import Authority, User
from evenhand.releases.models import Release
from evenhand.releases.queries import UnknownRelease
from evenhand.releases.queries import release as release_called


def publication_or_404(authority: Authority, slug: str, *, by: User) -> Release:
    try:
        return release_called(authority, slug, by=by)
    except UnknownRelease as unknown:
        raise Http404(str(unknown)) from unknown
