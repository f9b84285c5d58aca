"""What the desk and a member's own pages say of a message beside its text."""

from django import template

from community.services import holding

register = template.Library()

register.filter("held_words", holding.held_words)
register.filter("personal_words", holding.personal_words)
