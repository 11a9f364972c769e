"""The web server's door into the program."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
