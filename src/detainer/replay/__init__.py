"""The replay: the law over whole tables of published rows, with the desk's own evaluator.

What a table does not say stays unknown, so every count is a bound. Reads with DuckDB (extra `analytics`); knows the law
and the hold only, never the record.
"""
