"""The demonstration, loaded with the same actions that an authority uses.

It has what real authorities have published, and two invented authorities where people can try things out.
"""
