"""An application of the examples under the validator of the standard library, which raises for what PEP 3333 forbids on either side."""

import importlib
import os
import sys
from wsgiref.validate import validator

sys.path.insert(0, os.environ['EXAMPLE'])
module, _, name = os.environ['EXAMPLE_APP'].partition(':')
inner = getattr(importlib.import_module(module), name)


def sized(environ, start_response):
    """Where the input is known to end, werkzeug reads it by read(), which the validator of Python 3.11 wants to have a size."""
    return inner({key: value for key, value in environ.items() if key != 'wsgi.input_terminated'}, start_response)


application = validator(sized)
