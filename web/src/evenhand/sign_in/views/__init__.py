"""Pages on which people come in, look after their way in, and leave."""
