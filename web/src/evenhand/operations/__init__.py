"""Running the system and leaving it: backup, restore, export, doctor, health, metrics, the documents to be signed."""
