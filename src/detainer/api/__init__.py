"""The HTTP interface for an agency's booking system: it says what happened and asks what the law answers.

It states facts through the same journal as the desk, with its token as their author. It is a program: it approves
nothing, and what the law forbids it cannot record.
"""
