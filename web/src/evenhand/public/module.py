"""What the public pages declare to the rest of the site."""

from evenhand.modules import Module
from evenhand.public.changes import PAGE_CHANGES
from evenhand.public.published import published_items

MODULE = Module(
    urls=(("", "evenhand.public.urls"),),
    published=(published_items,),
    page_changes=PAGE_CHANGES,
)
