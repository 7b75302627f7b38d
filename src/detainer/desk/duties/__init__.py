"""Who works at the desk: accounts, the duties they have, and what each duty may do."""
