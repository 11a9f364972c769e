"""The web server's door into the program."""

import gc

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
# What is loaded by now stays: the collector need not look through it again while somebody waits,
# and the web server's processes go on sharing its memory.
gc.collect()
gc.freeze()
