"""The folder that stands for a broker: a half-written message ends nobody."""

from queue import Empty

import pytest
from kombu import Connection

import portal.celery


def test_a_message_that_a_killed_process_left_half_written_is_passed_over(tmp_path):
    folder = str(tmp_path)
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": f"{folder}/control"}
    with Connection("filesystem://", transport_options=options) as connection:
        queue = connection.SimpleQueue("celery")
        (tmp_path / "0_aaaa.celery.msg").write_text("")
        queue.put("whole")
        with pytest.raises(Empty):
            connection.default_channel._get("celery")
        assert queue.get(timeout=5).payload == "whole"
    assert portal.celery.app
