"""What whoever decides sees of a protected publication: what is hidden, why, at what loss, what else could be done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, Verdict, may
from evenhand.releases import comparing, linked
from evenhand.releases.comparing import AS_IT_IS, Way
from evenhand.releases.enums import Why
from evenhand.releases.groupings import Merged, groupings_of
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.recuts import Fate, Question
from evenhand.releases.tables import PublishedTable, Row
from evenhand.releases.words import figure_name
from evenstat.disclosure import policy
from evenstat.standards import standard

SUBTOTALS = {
    linked.ANSWERED: gettext_lazy("Staff whose answer is known"),
    linked.NOT_KNOWN: gettext_lazy("Staff whose answer is not known"),
}

FATES = {
    Fate.SHOWN: gettext_lazy("would be shown"),
    Fate.KNOWN: gettext_lazy("could be shown: it follows from what is out"),
    Fate.HIDDEN: gettext_lazy("would have to be hidden"),
}


@dataclass(frozen=True)
class HiddenFigure:
    """One row or subtotal that is hidden, in one year. `why` is empty for those who may not know."""

    label: str
    period: str
    why: str


@dataclass(frozen=True)
class Loss:
    """One characteristic of a publication: what is hidden of it. Everything but `why` is seen from the outside."""

    characteristic: str
    name: str
    rows: int
    rows_hidden: int
    people: int
    people_hidden: int
    hidden: tuple[HiddenFigure, ...]


@dataclass(frozen=True)
class Choice:
    """A way beside others, in words; `chosen` is that of the publication itself."""

    way: Way
    policy: str
    grouping: str | Promise
    chosen: bool


@dataclass(frozen=True)
class Compared:
    """The choices for one characteristic."""

    name: str
    choices: tuple[Choice, ...]

    @property
    def hides_nothing(self) -> bool:
        """Whichever way is chosen."""
        return not any(each.way.hidden for each in self.choices)


Asked = Sequence[Merged]


@dataclass(frozen=True)
class Answered:
    """Whether a table may go out too, in words. `rows` are the merged rows and what would become of each."""

    possible: bool
    says_something: bool
    rows: tuple[tuple[str, str | Promise], ...]
    given_away: tuple[str, ...]
    by_insiders: bool
    nearest: tuple[str, ...]
    nearest_codes: tuple[str, ...]


def may_know_why(person: User, authority: Authority) -> Verdict:
    """Whoever decides that figures go out, or sees them before they are protected, may know why each is hidden."""
    verdict = may(person, Permission.APPROVE_RELEASE, authority)
    return verdict if verdict.allowed else may(person, Permission.SEE_UNPROTECTED, authority)


def losses(release: Release, *, why: bool) -> tuple[Loss, ...]:
    """By characteristic, in the order of the tables."""
    held: dict[str, list[ReleaseTable]] = {}
    for table in release.tables.all():
        if table.content:
            held.setdefault(table.characteristic, []).append(table)
    return tuple(_loss(name, tables, why=why) for name, tables in held.items())


def compared(release: Release) -> tuple[Compared, ...]:
    """What each policy and grouping would show and hide; nothing for a publication that is not protected."""
    ways = comparing.from_json(release.comparison) if release.comparison else ()
    names = dict.fromkeys(each.characteristic for each in ways)
    return tuple(
        Compared(standard(name).name, tuple(_choice(each, release) for each in ways if each.characteristic == name))
        for name in names
    )


def answered(question: Question, merged: Asked, table: PublishedTable) -> Answered:
    """The answer to “can I also publish this table?”, and where it is no the nearest that could go out."""
    found = question.answer(merged)
    labels = {row.code: row.label for row in table.rows}
    nearest = None if found.possible else question.nearest(merged[0])
    codes = nearest.categories if nearest else ()
    return Answered(
        possible=found.possible,
        says_something=found.says_something,
        rows=tuple((str(each.label), FATES[found.fates[each.code]]) for each in merged if each.code in found.fates),
        given_away=() if found.possible else tuple(figure_name(*each) for each in found.given_away),
        by_insiders=found.by_insiders,
        nearest=tuple(labels[code] for code in codes),
        nearest_codes=codes,
    )


def _loss(characteristic: str, stored: list[ReleaseTable], *, why: bool) -> Loss:
    tables = [each.published for each in stored]
    return Loss(
        characteristic=characteristic,
        name=standard(characteristic).name,
        rows=sum(not row.is_not_given for table in tables for row in table.rows),
        rows_hidden=sum(len(table.hidden_rows) for table in tables),
        people=sum(table.total for table in tables),
        people_hidden=sum(_people_hidden(table) for table in tables),
        hidden=tuple(figure for each in stored for figure in _figures(each, why=why)),
    )


def _people_hidden(table: PublishedTable) -> int:
    """What the rows that are shown leave of the total: anyone can add that up."""
    return table.total - sum(row.shown.count for row in table.rows if row.shown)


def _figures(stored: ReleaseTable, *, why: bool) -> Iterator[HiddenFigure]:
    table, reasons = stored.published, stored.reasons or {}
    for row in table.hidden_rows:
        yield HiddenFigure(row.label, table.period, _why(row, table, reasons) if why else "")
    for code, shown in ((linked.ANSWERED, table.answered), (linked.NOT_KNOWN, table.not_known)):
        if shown is None:
            said = _("with it, the rows above could be worked out") if why else ""
            yield HiddenFigure(str(SUBTOTALS[code]), table.period, said)


def _why(row: Row, table: PublishedTable, reasons: dict[str, str]) -> str:
    reason = reasons.get(row.code)
    if reason == Why.SMALL:
        return _("small count")
    if reason == Why.OUT:
        return _("is out hidden already")
    if reason is None:
        return _("not kept: it was protected by an earlier version")
    return _("because it would give %(others)s away") % {"others": _others(row, table, reasons)}


def _others(row: Row, table: PublishedTable, reasons: dict[str, str]) -> str:
    """The hidden rows that this one protects: those of its own group, where the group's subtotal is shown."""
    apart = table.answered is not None
    near = [each for each in table.hidden_rows if each.code != row.code and (not apart or each.group == row.group)]
    small = [each.label for each in near if reasons.get(each.code) != Why.BESIDE]
    return get_text_list([f"“{each}”" for each in small or [each.label for each in near]], _("or"))


def _choice(way: Way, release: Release) -> Choice:
    names = {each.id: each.name for each in groupings_of(way.characteristic)}
    chosen = policy(release.policy)
    rules = policy(way.policy)
    same = (rules.hide_from, rules.hide_to) == (chosen.hide_from, chosen.hide_to) and way.grouping == AS_IT_IS
    return Choice(
        way=way,
        policy=chosen.name if same else rules.name,
        grouping=names[way.grouping] if way.grouping else _("Every group of the source"),
        chosen=same,
    )
