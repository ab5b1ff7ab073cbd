"""What an audience may see: frozen public types, the rules of the domain, and the projection onto them."""
