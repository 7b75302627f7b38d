"""One request: its timeline, its papers, what is known, what can be done about it, what waits for a second person."""
