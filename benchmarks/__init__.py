"""The disclosure benchmark: its inputs and measurements. Timing of pages and of the ledger is in `scripts`."""
