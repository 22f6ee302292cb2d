"""Other libraries, used as their own users would use them at their best.

Each file holds one of them. It is imported when its turn comes; where it is missing, the row says
so by name.
"""
