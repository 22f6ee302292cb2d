"""The player: a trace as one page that works by itself, the network drawn beside the equations.

========  =====================================================================================
tables    tables that hold everything once: texts, symbols, quantities, equations
steps     the steps of a trace by those tables
frames    the numbers of a learning step, one of several in a training
picture   the drawing, and which numbers stand in it
page      the page: HTML, `static/player.css` and the scripts of `static/`, all in one text
========  =====================================================================================
"""

from neurosim.tracing.player.page import notebook_html, page_of, training_page_of

__all__ = ["notebook_html", "page_of", "training_page_of"]
