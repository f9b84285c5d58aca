"""The logs refuse to be changed: the triggers, for the migrations that lay them.

Only the test runner lifts them, around the flush between two tests.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "the moderation log is append-only"
MODERATION, THREADS = "moderation", "thread"
#: The logs: the table of each.
TABLES = {MODERATION: "community_moderationevent", THREADS: "community_threadevent"}


def _lay(vendor: str, log: str) -> tuple[str, ...]:
    table = TABLES[log]
    if vendor == "sqlite":
        return (
            f"""CREATE TRIGGER {log}_log_keeps_rows BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
            f"""CREATE TRIGGER {log}_log_keeps_all BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
        )
    return (
        f"""CREATE OR REPLACE FUNCTION refuse_change_of_moderation_log() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$""",
        f"""CREATE TRIGGER {log}_log_keeps_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change_of_moderation_log()""",
        f"""CREATE TRIGGER {log}_log_keeps_all BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_moderation_log()""",
    )


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lay_triggers(connection: BaseDatabaseWrapper, log: str = MODERATION) -> None:
    """Make the table of ``log`` refuse UPDATE, DELETE and, on PostgreSQL, TRUNCATE."""
    _run(connection, _lay(connection.vendor, log))


def lift_triggers(connection: BaseDatabaseWrapper, log: str = MODERATION) -> None:
    """Let the table of ``log`` be changed: for the test runner and for undoing a migration."""
    on = f" ON {TABLES[log]}" if connection.vendor == "postgresql" else ""
    names = (f"{log}_log_keeps_rows", f"{log}_log_keeps_all")
    _run(connection, tuple(f"DROP TRIGGER IF EXISTS {name}{on}" for name in names))
