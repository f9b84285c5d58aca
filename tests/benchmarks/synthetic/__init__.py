"""Content made by a generator, for any size: realistic to an index, and nobody's facts.

Words, lengths and the share of kinds come from the starting content; which words stand together is chance. The same
seed makes the same texts. Everything says that it is synthetic: titles end in ``[synthetic …]``, addresses begin with
``synthetic-``, members are samples with addresses in ``synthetic.invalid``. There is no moderation log and no history
of revisions, which no reader meets.
"""

#: The beginning of every address and form token that is made here.
PREFIX = "synthetic-"
#: Nobody's domain: no mail ever reaches it.
DOMAIN = "synthetic.invalid"
