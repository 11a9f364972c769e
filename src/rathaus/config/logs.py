"""Structured logs: one JSON object a line, without personal data."""

import logging
import logging.config
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest
from structlog.tracebacks import ExceptionDictTransformer

from rathaus.core.database_away import database_is_away


def logging_configuration() -> dict[str, Any]:
    """Send every log line, ours and the libraries', through one renderer to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    configuration: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": shared,
            }
        },
        "filters": {
            "routes": {"()": lambda: _name_the_route},
            "faults": {"()": lambda: _is_a_fault},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["routes"]}
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "rathaus": {"level": "INFO"},
            "django.request": {"level": "ERROR", "filters": ["faults"]},
        },
    }
    logging.config.dictConfig(configuration)
    return configuration


def _name_the_route(record: logging.LogRecord) -> bool:
    """Django's own lines name the address of a page; it may hold a token or name a case, so that
    the route stands in its place.
    """
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
        match = request.resolver_match
        route = f"/{match.route}" if match else "/…"
        addresses = {request.path, request.get_full_path()}
        record.args = tuple(route if it in addresses else it for it in record.args)
    return True


def _is_a_fault(record: logging.LogRecord) -> bool:
    """Whether an error of a page is a fault of ours, not a part of the house that is away and has
    said so: such an answer has its own line.
    """
    if record.exc_info:
        return not database_is_away(record.exc_info[1])
    return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE
