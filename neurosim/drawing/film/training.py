"""x"""
def animate_training(): pass
