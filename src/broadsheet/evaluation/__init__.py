"""Score a publication by its own editor's acts: what they say (`labels`), and the arithmetic of it (`scores`)."""
