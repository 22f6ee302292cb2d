"""Every kind of neuron.

Activation and derivative of all kinds that the library has; one of your own is drawn by
``ns.draw_kind``.
"""

import neurosim as ns

ns.draw_kinds(path="kinds.svg")
