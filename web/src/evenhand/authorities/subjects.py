"""How the people, units, roles and invitations of an authority are named in its record of changes."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from evenhand.authorities.models import Authority, Delegation, GroupRole, Invitation, Membership, Unit, User
from evenhand.modules import SubjectName, registry

Names = Mapping[UUID, SubjectName]


def name_subjects(subjects: Iterable[tuple[str, UUID]], person: User, authority: Authority) -> Names:
    """The names of what entries are about, as far as it still exists and the person may see it."""
    ids_of_kind: dict[str, set[UUID]] = {}
    for kind, subject_id in subjects:
        ids_of_kind.setdefault(kind, set()).add(subject_id)
    kinds = registry.subject_kinds()
    names: dict[UUID, SubjectName] = {}
    for kind, ids in ids_of_kind.items():
        if kind in kinds:
            names |= kinds[kind].find(ids, person, authority)
    return names


def authorities(ids: Collection[UUID], _person: User, _authority: Authority) -> Names:
    return {body.id: SubjectName(body.name) for body in Authority.objects.filter(id__in=ids)}


def units(ids: Collection[UUID], _person: User, authority: Authority) -> Names:
    existing = Unit.objects.filter(id__in=ids, authority=authority)
    return {unit.id: SubjectName(unit.name, _staff_page("units", authority)) for unit in existing}


def people(ids: Collection[UUID], _person: User, authority: Authority) -> Names:
    """Those with a role at the authority, now or before."""
    staff = User.objects.filter(id__in=ids, memberships__authority=authority).distinct()
    return {user.id: SubjectName(user.name, _person_page(user.id, authority)) for user in staff}


def memberships(ids: Collection[UUID], _person: User, authority: Authority) -> Names:
    return {
        membership.id: SubjectName(
            _("%(person)s, %(role)s") % {"person": membership.user, "role": membership.get_role_display()},
            _person_page(membership.user_id, authority),
        )
        for membership in Membership.objects.filter(id__in=ids, authority=authority).select_related("user")
    }


def delegations(ids: Collection[UUID], _person: User, authority: Authority) -> Names:
    page = _staff_page("delegations", authority)
    return {
        delegation.id: SubjectName(
            _("%(role)s, by %(giver)s to %(receiver)s")
            % {
                "role": delegation.get_role_display(),
                "giver": delegation.giver,
                "receiver": delegation.receiver,
            },
            page,
        )
        for delegation in Delegation.objects.filter(id__in=ids, authority=authority).select_related("giver", "receiver")
    }


def invitations(ids: Collection[UUID], _person: User, authority: Authority) -> Names:
    existing = Invitation.objects.filter(id__in=ids, authority=authority)
    return {invitation.id: SubjectName(invitation.name or invitation.email) for invitation in existing}


def groups(ids: Collection[UUID], _person: User, authority: Authority) -> Names:
    mappings = GroupRole.objects.filter(id__in=ids, authority=authority)
    page = _staff_page("groups", authority)
    return {mapping.id: SubjectName(f"{mapping.group}, {mapping.get_role_display()}", page) for mapping in mappings}


def _staff_page(url_name: str, authority: Authority) -> str:
    return reverse(f"authorities:{url_name}", args=[authority.slug])


def _person_page(person_id: UUID, authority: Authority) -> str:
    return reverse("authorities:person", args=[authority.slug, person_id])
