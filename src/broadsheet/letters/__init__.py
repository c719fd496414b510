"""The newsletter: what is in an issue (`choosing`), what it looks like (`composing`), what its links carry (`tokens`).

Pure: an edition, earlier issues, settings, a key and a clock value in; an issue and the bytes of a message out.
"""
