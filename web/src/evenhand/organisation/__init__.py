"""The registers of what an authority is made of: its posts. The models are those of lower modules."""
