"""What all stored records share: public ids, permanent slugs, field classification, frozen rows and stored files.

Code about authorities, plans or figures does not belong here.
"""
