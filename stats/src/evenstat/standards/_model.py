"""A standard: a characteristic, its categories and their source."""

from dataclasses import dataclass

from evenstat.errors import UnknownCategory


@dataclass(frozen=True, slots=True)
class Category:
    """One category: the code used in files and the label shown to people."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Standard:
    """One edition of the categories of one characteristic.

    `not_known` are the rows for people who did not answer: they are never part of a base and are always
    shown separately. `depends_on_age` is true if the characteristic is so closely related to age that
    populations of different ages cannot be compared. To change the categories, add an edition: existing
    figures keep the edition that they used.
    """

    id: str
    name: str
    edition: str
    categories: tuple[Category, ...]
    not_known: tuple[Category, ...]
    depends_on_age: bool
    protected_characteristic: str
    source: str
    note: str

    def label(self, code: str) -> str:
        """Return the label of a category or of a not-known row."""
        for category in (*self.categories, *self.not_known):
            if category.code == code:
                return category.label
        known = ", ".join(category.code for category in (*self.categories, *self.not_known))
        raise UnknownCategory(f"{self.name} has no category {code!r}: use one of {known}.")
