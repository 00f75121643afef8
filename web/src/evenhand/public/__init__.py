"""What anyone may see: pages and files made of published plans and released figures, never of anything else."""
