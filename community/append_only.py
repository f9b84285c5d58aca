"""The log of moderation refuses to be changed: the triggers, for the migration that lays them.

Only the test runner lifts them, around the flush between two tests.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "community_moderationevent"
MESSAGE = "the moderation log is append-only"

_LAY = {
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION refuse_change_of_moderation_log() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$""",
        f"""CREATE TRIGGER moderation_log_keeps_rows BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION refuse_change_of_moderation_log()""",
        f"""CREATE TRIGGER moderation_log_keeps_all BEFORE TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_moderation_log()""",
    ),
    "sqlite": (
        f"""CREATE TRIGGER moderation_log_keeps_rows BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
        f"""CREATE TRIGGER moderation_log_keeps_all BEFORE DELETE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    ),
}
_LIFT = {
    "postgresql": (
        f"DROP TRIGGER IF EXISTS moderation_log_keeps_rows ON {TABLE}",
        f"DROP TRIGGER IF EXISTS moderation_log_keeps_all ON {TABLE}",
    ),
    "sqlite": (
        "DROP TRIGGER IF EXISTS moderation_log_keeps_rows",
        "DROP TRIGGER IF EXISTS moderation_log_keeps_all",
    ),
}


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lay_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the log's table refuse UPDATE, DELETE and, on PostgreSQL, TRUNCATE."""
    _run(connection, _LAY[connection.vendor])


def lift_triggers(connection: BaseDatabaseWrapper) -> None:
    """Let the log's table be changed: for the test runner and for undoing the migration."""
    _run(connection, _LIFT[connection.vendor])
