"""Measurements on real data, which is not part of the project: quality and speed, printed for people.

A benchmark is a module here with `main(data: Path)`; `data` is the folder named by BROADSHEET_DATA. One that keeps its
figures returns them and has `table` (see `_kept`).
"""
