"""The watch: deadlines as rows, a loop that any number of workers can run, and alerts that are raised once each.

A hold is never extended by silence: at its end, and at every moment of release that passes, an alert is written to the
ledger and then told. What is due is derived from the record; only that it was raised is remembered here.
"""
