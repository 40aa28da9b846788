"""The words of pages that come with a package, as all other pages write them."""

import re

from django import template

register = template.Library()

_CAPITAL_WITHIN = re.compile(r"(?<=\w )[A-Z](?=[a-z])")


@register.filter(is_safe=True)
def plainly(words: str) -> str:
    """'Add Email Address' is 'Add email address'."""
    return _CAPITAL_WITHIN.sub(lambda capital: capital[0].lower(), str(words))
