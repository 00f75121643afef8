"""Who may see unprotected figures, and who may upload them."""

from evenhand.authorities.enums import Role
from evenhand.modules import Permission

SEE_UNPROTECTED = Permission("evidence.see_unprotected", "see unprotected figures", roles=frozenset({Role.ANALYST}))
IMPORT_EVIDENCE = Permission(
    "evidence.import_evidence", "upload figures", roles=frozenset({Role.ANALYST}), ends_with_authority=True
)
