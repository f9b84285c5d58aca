"""Who belongs to a community, in the admin: its members and roles, and whom it invites."""
