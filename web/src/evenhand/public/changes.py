"""Every recorded action that changes the bytes of a public page. All others leave every public page as it is."""

from uuid import UUID

from evenhand.modules import ChangedPages, PageChange
from evenhand.releases.enums import ReleaseState
from evenhand.releases.models import ReleaseTable


def _has_published_figures(dataset_id: UUID) -> bool:
    """Public pages give the source of a data set once figures from it are published."""
    tables = ReleaseTable.objects.filter(snapshot__dataset=dataset_id, release__state=ReleaseState.PUBLISHED)
    return tables.exists()


PAGE_CHANGES = (
    PageChange("plans.publish", ChangedPages.OF_THE_AUTHORITY),
    PageChange("releases.publish", ChangedPages.OF_THE_AUTHORITY),
    PageChange("evidence.describe", ChangedPages.OF_THE_AUTHORITY, applies_to=_has_published_figures),
    # Other authorities' pages give the name and the address of this one: its members, its parent, its successors.
    PageChange("authorities.add", ChangedPages.OF_EVERYONE),
    PageChange("authorities.move", ChangedPages.OF_EVERYONE),
    PageChange("authorities.change_details", ChangedPages.OF_EVERYONE),
    PageChange("authorities.join", ChangedPages.OF_EVERYONE),
    PageChange("authorities.record_succession", ChangedPages.OF_EVERYONE),
    PageChange("authorities.close", ChangedPages.OF_EVERYONE),
    # An erasure may concern any page, and nothing of the erased person may be left in a stored one.
    PageChange("ledger.erase", ChangedPages.OF_EVERYONE),
    PageChange("privacy.erase", ChangedPages.OF_EVERYONE),
    PageChange("privacy.reapply", ChangedPages.OF_EVERYONE),
)
