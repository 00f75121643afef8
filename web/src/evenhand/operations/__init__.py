"""Running the system and moving away from it: backup, restore, export, doctor, health, metrics, legal documents."""
