"""The measure registry: what each published number means and how to reproduce it."""

from dataclasses import dataclass

from evenstat.standards import STANDARDS, Standard, standard


@dataclass(frozen=True)
class MeasureDefinition:
    """A measure, defined so that a resident can check it and a program can reproduce it."""

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

    @property
    def share_definition(self) -> str:
        """The definition without the comparison, for a table that is not compared."""
        return f"{self.definition.partition(', compared')[0]}."

    @property
    def share_formula(self) -> str:
        return self.formula.partition(";")[0]

    @property
    def share_unit(self) -> str:
        return self.unit.partition(";")[0]


def _representation(characteristic: Standard) -> MeasureDefinition:
    name = characteristic.name.lower()
    return MeasureDefinition(
        slug=f"representation-{characteristic.id.replace('_', '-')}",
        characteristic=characteristic.id,
        name=f"Representation in the workforce: {name}",
        question="Does the workforce look like the residents it serves?",
        definition=(
            f"Each group's share of staff whose answer is known, by {name}, compared with its share of residents aged "
            "16 and over."
        ),
        population="Employees, as the authority counts them. The source does not say whether schools, casual or agency "
        "staff are included.",
        numerator="Staff in the group.",
        denominator="Staff whose answer is known. This excludes “prefer not to say”, “not known” and staff not shown "
        "in the source.",
        unit="per cent of staff who answered; the index is a ratio, and is 1.00 when the two shares are equal",
        formula="share = group ÷ answered; index = share ÷ residents' share; "
        "difference in headcount = answered × residents' share − group",
    )


MEASURES: tuple[MeasureDefinition, ...] = tuple(_representation(entry) for entry in STANDARDS)


class UnknownMeasure(LookupError):
    """There is no measure with this slug."""


def measure(slug: str) -> MeasureDefinition:
    for definition in MEASURES:
        if definition.slug == slug:
            return definition
    raise UnknownMeasure(f"There is no measure “{slug}”.")


def measure_of(characteristic: str) -> MeasureDefinition:
    """The representation measure of a characteristic. Raises evenstat's UnknownStandard if there is no such one."""
    characteristic_id = standard(characteristic).id
    return next(definition for definition in MEASURES if definition.characteristic == characteristic_id)
