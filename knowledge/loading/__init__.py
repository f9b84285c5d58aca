"""Loads the starting content: files of JSON rows become themes, registries, pages and reference lists.

``reader`` reads files, ``columns`` one value of a row, ``rows`` writes rows and remembers them as they were loaded,
``references`` finds what a row refers to by slug, ``concerns`` says which themes, clusters and schemes an entry
concerns. One module for each family of files says which column of the model comes from which key. ``load`` joins them.
"""
