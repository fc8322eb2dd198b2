"""A shop of one page, with Django's admin."""
