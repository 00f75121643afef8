"""What happens to every request before a view sees it, and to every answer after.

From the outside in: `visitors` finds who asks, `journal` writes it down, `headers` tells the browser what it may do,
`wellformed` refuses what no view should have to expect, `limits` refuses too much of it.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
