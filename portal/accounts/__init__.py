"""Who signs in, how, and who may administer it: allauth's adapter, the second factor, accounts in the admin."""
