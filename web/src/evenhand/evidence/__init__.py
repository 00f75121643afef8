"""Data sets, their intake, measure definitions and benchmarks: figures as they are, before any protection.

Nothing here is shown to the public: what leaves goes through `releases`.
"""
