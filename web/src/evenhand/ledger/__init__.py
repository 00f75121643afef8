"""The append-only record of changes: who did what, when and why. It refers to other apps only by opaque ids."""
