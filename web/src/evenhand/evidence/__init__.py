"""Data sets and how they are imported, measure definitions and benchmarks: figures before any protection.

The public never sees these figures directly: they are published through `releases`.
"""
