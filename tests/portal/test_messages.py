"""Compiled messages are committed, because a bare system has no gettext; they must say what their sources say."""

import gettext
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

SOURCES = sorted(path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po"))


def catalogue(path: Path) -> dict:
    """Return the messages of a compiled file, without the header, whose dates change with each collecting."""
    with path.open("rb") as compiled:
        messages = dict(gettext.GNUTranslations(compiled)._catalog)
    messages.pop("", None)
    return messages


def test_every_language_but_english_has_its_messages():
    languages = {path.parent.parent.name for path in SOURCES}
    assert languages == {code for code, _ in settings.LANGUAGES} - {"en"}


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs gettext: sudo apt install gettext")
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.parent.parent.name)
def test_compiled_messages_say_what_their_source_says(source, tmp_path):
    fresh = tmp_path / "fresh.mo"
    subprocess.run(["msgfmt", "--check", "--output-file", fresh, source], check=True)
    assert catalogue(source.with_suffix(".mo")) == catalogue(fresh), "Run make messages and commit the .mo file."
