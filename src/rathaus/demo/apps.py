"""Registers the demo city. In the demo and test profiles only."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Lindenfurt, the fictional demo city."""

    name = "rathaus.demo"
