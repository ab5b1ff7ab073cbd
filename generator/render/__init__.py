"""Views to HTML: paths, texts, languages, themes and pages."""
