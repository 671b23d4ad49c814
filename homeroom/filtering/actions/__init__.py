"""The verbs of filtering, by subject; the only writers of its tables.

Every action takes keyword-only arguments, an `actor` and an instant `at`, is one transaction and one
journal entry, and raises `base.errors.Refused` with a sentence where it cannot be done. Import the module:
`from homeroom.filtering.actions import rules` and `rules.add_rule(...)`.
"""
