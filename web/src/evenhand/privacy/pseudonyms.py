"""A staff number turned into a key that says nothing of who it is, but is the same each time.

Whoever holds the key of the authority could try every staff number: it is as secret as the database that it stands in.
"""

import hashlib
import hmac
import secrets

from evenhand.authorities.models import Authority
from evenhand.privacy.models import ObjectionKey


def pseudonym(authority: Authority, number: str) -> str:
    """The key of whoever has this number in the authority's own staff records, however it is written."""
    held, _created = ObjectionKey.objects.get_or_create(authority=authority, defaults={"key": secrets.token_hex(32)})
    written = "".join(number.split()).casefold()
    return hmac.new(bytes.fromhex(held.key), written.encode(), hashlib.sha256).hexdigest()
