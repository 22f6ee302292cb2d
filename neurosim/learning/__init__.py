"""How a network learns: the training loop, optimizers, rules, and what they report."""
