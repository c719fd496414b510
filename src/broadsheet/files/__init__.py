"""The one place that touches a publication folder's files: read its settings, lock it, print into it, commit it."""

from .folder import lock, names, put, read_publication, read_saved, read_tree, remove
from .git import begin, commit, finished, start_git, unfinished, unsaved, work_tree
from .keys import put_secret, read_secrets
from .printing import Written, unsafe, write
from .pushing import push, waiting

__all__ = [
    "Written",
    "begin",
    "commit",
    "finished",
    "lock",
    "names",
    "push",
    "put",
    "put_secret",
    "read_publication",
    "read_saved",
    "read_secrets",
    "read_tree",
    "remove",
    "start_git",
    "unfinished",
    "unsafe",
    "unsaved",
    "waiting",
    "work_tree",
    "write",
]
