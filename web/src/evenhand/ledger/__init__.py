"""The append-only record of changes: who did what, when and why. It knows opaque ids and nothing above it."""
