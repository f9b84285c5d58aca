"""Settings, a module for each concern.

``base`` is Django's own and collects the rest; ``demo``, ``test`` and ``production`` only override values.
"""
