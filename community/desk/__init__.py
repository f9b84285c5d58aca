"""The moderation desk in the Wagtail admin: the queue, the item with its question, four decisions, undo, compile."""
