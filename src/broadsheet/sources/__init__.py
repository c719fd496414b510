"""How one fetched resource becomes entries. A leaf is a module with two functions; nothing here ever fetches.

    def recognises(page: Page) -> bool             does this look like mine? Cheap: looks at the first bytes
    def entries(page: Page, source: Source) -> tuple[Entry, ...]     raises ParseError when it is not mine or broken
"""

from __future__ import annotations
