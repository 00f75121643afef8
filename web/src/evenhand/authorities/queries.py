from django.db.models import QuerySet
from django.http import Http404

from evenhand.authorities.models import Authority, User
from evenhand.records import slugs

NAMESPACE = "authorities"
OPERATOR_EMAIL = "operator@localhost"


class UnknownAuthority(LookupError):
    """No authority has, or ever had, this slug."""


class UnknownPerson(LookupError):
    """Nobody has this e-mail address here."""


def authority(slug: str) -> Authority:
    """The authority whose slug this is or once was."""
    found = slugs.owner_of(NAMESPACE, slug)
    if found is None:
        known = ", ".join(Authority.objects.values_list("slug", flat=True)) or "none yet"
        raise UnknownAuthority(
            f"No authority “{slug}” is known here (known: {known}). "
            f"Add it with: evenhand authority add {slug} --name … --kind … --area-code … --area-name …"
        )
    return Authority.objects.get(id=found)


def authority_or_404(slug: str) -> Authority:
    try:
        return authority(slug)
    except UnknownAuthority as unknown:
        raise Http404(str(unknown)) from unknown


def authorities() -> QuerySet[Authority]:
    return Authority.objects.select_related("parent").order_by("name")


def operator() -> User:
    """Whoever runs commands on the server: known to the record, unable to sign in."""
    user, _created = User.objects.get_or_create(
        is_operator=True,
        defaults={"email": OPERATOR_EMAIL, "name": "Command on the server", "password": "!"},
    )
    return user


def person(email: str) -> User:
    try:
        return User.objects.get(email=email.lower())
    except User.DoesNotExist as missing:
        raise UnknownPerson(f"Nobody has the address {email} here.") from missing


def actor(email: str | None) -> User:
    """Who a command acts for: the person it names, or else the command line itself."""
    return person(email) if email else operator()


def holds_a_demonstration() -> bool:
    return Authority.objects.filter(demonstration=True).exists()
