"""What a standard is: a characteristic, its categories and where they come from."""

from dataclasses import dataclass

from evenstat.errors import UnknownCategory


@dataclass(frozen=True, slots=True)
class Category:
    """One category: the code that files use and the label that people read."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Standard:
    """One list of categories for one characteristic.

    `not_known` are the rows for people with no answer: never part of a base, always shown beside it.
    `depends_on_age` is true where the categories follow age so closely that populations of different
    ages cannot be compared. Change a list by adding an edition: figures stay with the one they used.
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
        """The words for a code, of an answer or of a not-known row."""
        for category in (*self.categories, *self.not_known):
            if category.code == code:
                return category.label
        known = ", ".join(category.code for category in (*self.categories, *self.not_known))
        raise UnknownCategory(f"{self.name} has no category {code!r}: use one of {known}.")
