"""What leads and administrators set for moderation in the admin: reasons, deadlines, holidays, rules that hold."""
