"""What approvers and analysts see about a publication: which figures are hidden and why, how much is hidden, the
alternatives, and whether a further table can be published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Verdict, may
from evenhand.evidence.permissions import SEE_UNPROTECTED
from evenhand.releases import alternatives, linked
from evenhand.releases.additional_tables import AdditionalTableCheck, RowOutcome
from evenhand.releases.alternatives import NO_GROUPING, Alternative
from evenhand.releases.enums import RowSuppressionReason
from evenhand.releases.groupings import MergedRow, groupings_of
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.permissions import APPROVE_RELEASE
from evenhand.releases.tables import PublishedRow, PublishedTable
from evenhand.releases.words import figure_name
from evenstat.disclosure import policy
from evenstat.standards import standard

SUBTOTALS = {
    linked.ANSWERED: gettext_lazy("Staff whose answer is known"),
    linked.NOT_KNOWN: gettext_lazy("Staff whose answer is not known"),
}

OUTCOME_LABELS = {
    RowOutcome.SHOWN: gettext_lazy("would be shown"),
    RowOutcome.DERIVABLE: gettext_lazy("can be shown, because it can be worked out from published figures"),
    RowOutcome.SUPPRESSED: gettext_lazy("would have to be hidden"),
}


@dataclass(frozen=True)
class HiddenFigure:
    """A row or subtotal hidden in one year. `reason` is empty for people who may not see reasons."""

    label: str
    period: str
    reason: str


@dataclass(frozen=True)
class SuppressionSummary:
    """What is hidden for one characteristic. The published tables show all of this except the reasons."""

    characteristic: str
    name: str
    years: int
    rows: int
    rows_hidden: int
    people: int
    people_hidden: int
    hidden: tuple[HiddenFigure, ...]


@dataclass(frozen=True)
class AlternativeChoice:
    """An alternative in words. `chosen` is true for the policy and grouping of the publication itself."""

    alternative: Alternative
    policy: str
    grouping: str | Promise
    chosen: bool


@dataclass(frozen=True)
class CharacteristicAlternatives:
    """The alternatives for one characteristic."""

    name: str
    choices: tuple[AlternativeChoice, ...]

    @property
    def hides_nothing(self) -> bool:
        """Whether none of the alternatives hides any row."""
        return not any(choice.alternative.hidden for choice in self.choices)


@dataclass(frozen=True)
class AdditionalTableAnswer:
    """Whether a further table can be published, in words. `rows` pairs each merged row with its outcome."""

    possible: bool
    adds_information: bool
    rows: tuple[tuple[str, str | Promise], ...]
    disclosed: tuple[str, ...]
    only_by_singletons: bool
    closest: tuple[str, ...]
    closest_codes: tuple[str, ...]


def may_see_reasons(person: User, authority: Authority) -> Verdict:
    """People who approve publications or may see unprotected figures may see why each figure is hidden."""
    verdict = may(person, APPROVE_RELEASE, authority)
    return verdict if verdict.allowed else may(person, SEE_UNPROTECTED, authority)


def suppression_summaries(release: Release, *, with_reasons: bool) -> tuple[SuppressionSummary, ...]:
    """A summary for each characteristic, in the order of the tables."""
    by_characteristic: dict[str, list[ReleaseTable]] = {}
    for table in release.tables.all():
        if table.content:
            by_characteristic.setdefault(table.characteristic, []).append(table)
    return tuple(_summarise(name, tables, with_reasons=with_reasons) for name, tables in by_characteristic.items())


def characteristic_alternatives(release: Release) -> tuple[CharacteristicAlternatives, ...]:
    """What each policy and grouping would show and hide. Empty for a publication that is not protected."""
    stored = alternatives.from_json(release.comparison) if release.comparison else ()
    characteristics = dict.fromkeys(alternative.characteristic for alternative in stored)
    return tuple(
        CharacteristicAlternatives(
            standard(characteristic).name,
            tuple(
                _choice(alternative, release) for alternative in stored if alternative.characteristic == characteristic
            ),
        )
        for characteristic in characteristics
    )


def additional_table_answer(
    additional_table: AdditionalTableCheck, merged: Sequence[MergedRow], table: PublishedTable
) -> AdditionalTableAnswer:
    """Whether the table can be published with the merged rows and, if not, the closest grouping that can be."""
    result = additional_table.check(merged)
    labels = {row.code: row.label for row in table.rows}
    closest = None if result.possible else additional_table.closest_possible(merged[0])
    codes = closest.categories if closest else ()
    return AdditionalTableAnswer(
        possible=result.possible,
        adds_information=result.adds_information,
        rows=tuple(
            (str(row.label), OUTCOME_LABELS[result.outcomes[row.code]]) for row in merged if row.code in result.outcomes
        ),
        disclosed=() if result.possible else tuple(figure_name(*figure) for figure in result.disclosed),
        only_by_singletons=result.only_by_singletons,
        closest=tuple(labels[code] for code in codes),
        closest_codes=codes,
    )


def _summarise(characteristic: str, stored: list[ReleaseTable], *, with_reasons: bool) -> SuppressionSummary:
    tables = [release_table.published for release_table in stored]
    return SuppressionSummary(
        characteristic=characteristic,
        name=standard(characteristic).name,
        years=len(tables),
        rows=sum(not row.is_not_given for table in tables for row in table.rows),
        rows_hidden=sum(len(table.suppressed_rows) for table in tables),
        people=sum(table.total for table in tables),
        people_hidden=sum(_people_hidden(table) for table in tables),
        hidden=tuple(
            figure for release_table in stored for figure in _hidden_figures(release_table, with_reasons=with_reasons)
        ),
    )


def _people_hidden(table: PublishedTable) -> int:
    """The total less the rows that are shown, which anyone can calculate."""
    return table.total - sum(row.shown.count for row in table.rows if row.shown)


def _hidden_figures(stored: ReleaseTable, *, with_reasons: bool) -> Iterator[HiddenFigure]:
    table, reasons = stored.published, stored.reasons or {}
    for row in table.suppressed_rows:
        yield HiddenFigure(row.label, table.period, _reason(row, table, reasons) if with_reasons else "")
    for code, shown in ((linked.ANSWERED, table.answered), (linked.NOT_KNOWN, table.not_known)):
        if shown is None:
            reason = _("the rows above could be worked out from it") if with_reasons else ""
            yield HiddenFigure(str(SUBTOTALS[code]), table.period, reason)


def _reason(row: PublishedRow, table: PublishedTable, reasons: dict[str, str]) -> str:
    reason = reasons.get(row.code)
    if reason == RowSuppressionReason.PRIMARY:
        return _("small count")
    if reason == RowSuppressionReason.PRIOR:
        return _("already hidden in a published table")
    if reason is None:
        return _("reason not recorded, because an earlier version protected it")
    return _("could reveal %(others)s") % {"others": _protected_rows(row, table, reasons)}


def _protected_rows(row: PublishedRow, table: PublishedTable, reasons: dict[str, str]) -> str:
    """The hidden rows that this row protects: those in its own group if the subtotal of the group is shown."""
    subtotal_shown = table.answered is not None
    others = [
        other
        for other in table.suppressed_rows
        if other.code != row.code and (not subtotal_shown or other.group == row.group)
    ]
    primary = [other.label for other in others if reasons.get(other.code) != RowSuppressionReason.SECONDARY]
    labels = primary or [other.label for other in others]
    return get_text_list([f"“{label}”" for label in labels], _("or"))


def _choice(alternative: Alternative, release: Release) -> AlternativeChoice:
    names = {grouping.id: grouping.name for grouping in groupings_of(alternative.characteristic)}
    release_policy, alternative_policy = policy(release.policy), policy(alternative.policy)
    same_counts = (alternative_policy.suppress_from, alternative_policy.threshold) == (
        release_policy.suppress_from,
        release_policy.threshold,
    )
    chosen = same_counts and alternative.grouping == NO_GROUPING
    return AlternativeChoice(
        alternative=alternative,
        policy=release_policy.name if chosen else alternative_policy.name,
        grouping=names[alternative.grouping] if alternative.grouping else _("Every group in the source"),
        chosen=chosen,
    )
