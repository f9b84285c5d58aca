"""The Elasticsearch engine behind the port of search; the only package that names Elasticsearch.

How members' texts stay theirs: what everybody may read stands in the fields ``public.*``, everything else in nested
objects ``inside`` with their audiences. A visitor's question touches ``public.*`` alone, and Elasticsearch keeps the
statistics of each field apart, so that no text of members matches, counts, completes, corrects or moves a score there.
Members' texts are matched behind a filter of their audiences and scored by ``boolean`` similarity, a constant for each
word: one community's texts weigh nothing in another one's ranking either. A field for each audience would do the same
and grow the mapping with every community; a document for each part would need joins before it could be counted.
"""
