"""The one place that touches a publication folder's files: read its settings, lock it, print into it, commit it."""

from .folder import lock, names, put, read_publication, read_saved, read_tree, remove
from .git import commit, start_git, work_tree
from .keys import put_secret, read_secrets
from .printing import Written, unsafe, write

__all__ = [
    "Written",
    "commit",
    "lock",
    "names",
    "put",
    "put_secret",
    "read_publication",
    "read_saved",
    "read_secrets",
    "read_tree",
    "remove",
    "start_git",
    "unsafe",
    "work_tree",
    "write",
]
