"""The portal in a real browser: the loop driven once, and the pictures of the README."""
