"""Log lines: where something broke, never whose data it broke on."""

import io
import json
import logging

from rathaus.config.logs import logging_configuration


def test_a_traceback_has_places_but_no_values():
    formatters = logging_configuration()["formatters"]["json"]
    formatter = formatters.pop("()")(**formatters)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.Logger("rathaus.test")
    logger.addHandler(handler)

    name = "Maria Größwang"
    try:
        len(name) / 0
    except ZeroDivisionError:
        logger.exception("broken")

    line = json.loads(stream.getvalue())
    assert line["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert "Größwang" not in stream.getvalue()
