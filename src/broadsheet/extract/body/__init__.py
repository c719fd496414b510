"""From a parsed page to the article's text as blocks."""
