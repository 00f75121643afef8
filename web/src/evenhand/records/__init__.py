"""What every stored thing shares: its public id, permanent slug, classification, frozen rows and kept files.

Nothing here knows an authority, a plan or a figure.
"""
