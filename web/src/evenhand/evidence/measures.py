"""The measure registry: what each published number means and how to work it out again."""

from dataclasses import dataclass

from evenstat.standards import STANDARDS, Standard, standard


@dataclass(frozen=True)
class Measure:
    """One measure, defined in words that a resident can check and a program can repeat."""

    slug: str
    characteristic: str
    name: str
    question: str
    definition: str
    population: str
    numerator: str
    denominator: str
    unit: str
    formula: str


def _representation(characteristic: Standard) -> Measure:
    name = characteristic.name.lower()
    return Measure(
        slug=f"representation-{characteristic.id.replace('_', '-')}",
        characteristic=characteristic.id,
        name=f"Representation in the workforce: {name}",
        question="Does the workforce look like the residents it serves?",
        definition=(
            f"Each group's share of staff whose answer is known, by {name}, beside its share of residents aged 16 and "
            "over."
        ),
        population="Employees, as the authority counts them. The source does not say whether schools, casual or agency "
        "staff are among them.",
        numerator="Staff in the group.",
        denominator="Staff whose answer is known: without “prefer not to say”, “not known” and those not shown.",
        unit="percent of staff who answered; the index is a ratio, 1.00 where the two shares are equal",
        formula="share = group ÷ answered; index = share ÷ residents' share; gap = answered × residents' share − group",
    )


MEASURES: tuple[Measure, ...] = tuple(_representation(each) for each in STANDARDS)


class UnknownMeasure(LookupError):
    """There is no measure with this slug."""


def measure(slug: str) -> Measure:
    for each in MEASURES:
        if each.slug == slug:
            return each
    raise UnknownMeasure(f"There is no measure “{slug}”.")


def measure_of(characteristic: str) -> Measure:
    """The representation measure of a characteristic. Raises evenstat's UnknownStandard for one that is none."""
    known = standard(characteristic)
    return next(each for each in MEASURES if each.characteristic == known.id)
