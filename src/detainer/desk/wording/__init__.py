"""The desk's words in the reader's language: moments, values, names, what the law says and what became of a request."""
