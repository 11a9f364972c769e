"""Whether the house works: asked of its own parts and of every domain, shown to everybody."""
