"""What is made of pictures: their kind and size, the choice of a lead, small copies of our own. Bytes in, bytes out.

`measuring` and `leads` need nothing but what is always installed; `copying` needs Pillow, from the extra `images`.
"""

from __future__ import annotations
