"""Pseudonyms for staff numbers: a keyed hash that does not reveal the number, and is the same each time.

Anyone with the authority's key could try every staff number, so the key must be kept as secret as the database.
"""

import hashlib
import hmac
import secrets

from evenhand.authorities.models import Authority
from evenhand.privacy.models import ObjectionKey


def pseudonym(authority: Authority, number: str) -> str:
    """The pseudonym of the person with this staff number at the authority. Spaces and letter case are ignored."""
    objection_key, _created = ObjectionKey.objects.get_or_create(
        authority=authority, defaults={"key": secrets.token_hex(32)}
    )
    normalised = "".join(number.split()).casefold()
    return hmac.new(bytes.fromhex(objection_key.key), normalised.encode(), hashlib.sha256).hexdigest()
