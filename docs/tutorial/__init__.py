"""A first hour: chapters in Markdown, run by a test, and the notebook made from them."""
