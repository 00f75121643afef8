from django.http import Http404

from evenhand.authorities.models import Authority, User
from evenhand.releases.models import Release
from evenhand.releases.queries import UnknownRelease, get_release


def get_release_or_404(authority: Authority, slug: str, *, by: User) -> Release:
    try:
        return get_release(authority, slug, by=by)
    except UnknownRelease as error:
        raise Http404(str(error)) from error
