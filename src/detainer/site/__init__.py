"""The public pages: the figures and their proof as files, the law as served pages; no sign-in, no script.

The room is a Django app, and apps are imported before models: nothing may be imported here.
"""
