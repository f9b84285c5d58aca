"""Reading files of starting content. Nothing here knows a model."""

import json
from pathlib import Path

#: The content that comes with the portal.
STARTING_CONTENT = Path(__file__).resolve().parent.parent / "starting_content"


class FileUnreadable(Exception):
    """A file is missing or does not hold what it should; the text says why."""


class Folder:
    """A folder of content files, each read once."""

    def __init__(self, path: Path = STARTING_CONTENT) -> None:
        self.path = Path(path)
        self._read: dict[Path, object] = {}

    def rows(self, file: str) -> list:
        """Return the rows of ``file``, a JSON array. Raises FileUnreadable."""
        return self._of_type(self.path / file, list)

    def lists(self, file: str) -> dict:
        """Return the named lists of ``file``, a JSON object. Raises FileUnreadable."""
        return self._of_type(self.path / file, dict)

    def curated(self, file: str) -> dict:
        """Return our own words about the rows, from this folder or else from the portal's own."""
        path = self.path / file
        return self._of_type(path if path.exists() else STARTING_CONTENT / file, dict)

    def related_rows(self, file: str) -> list[dict]:
        """Return the well-formed rows of another file that a row's meaning is derived from, of ours where it has none.

        Its faults are reported when that file is loaded itself, so here they count as no rows.
        """
        path = self.path / file
        try:
            rows = self._of_type(path if path.exists() else STARTING_CONTENT / file, list)
        except FileUnreadable:
            return []
        return [row for row in rows if isinstance(row, dict) and isinstance(row.get("slug"), str)]

    def _of_type(self, path: Path, expected: type) -> list | dict:
        if path not in self._read:
            self._read[path] = _parse(path)
        value = self._read[path]
        if not isinstance(value, expected):
            raise FileUnreadable("the file is no JSON array" if expected is list else "the file is no JSON object")
        return value


def _parse(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileUnreadable("the file is missing") from None
    except OSError as error:
        raise FileUnreadable(f"the file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise FileUnreadable("the file is not UTF-8") from None
    except RecursionError:
        raise FileUnreadable("the file is no valid JSON: nested too deeply") from None
    except ValueError as error:
        raise FileUnreadable(f"the file is no valid JSON: {error}") from error
