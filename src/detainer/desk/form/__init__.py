"""The form: what is typed, the facts it says, the questions that still matter, and papers that came in."""
