"""Finding out by trying: how fast to learn, how wide, how deep, with which optimizer.

=========  ==================================================================================
rates      one training with a rate that grows: from which rate on it runs away
trial      one training with one setting and one seed, and how well it did
workers    trials one after another, or in parallel processes
table      what was tried, the best first
settings   which settings to try: a grid, or a random choice
guided     settings that Optuna proposes in the light of those before
growth     a layer that grows as long as that helps
=========  ==================================================================================
"""

from neurosim.learning.search.growth import grow_layer
from neurosim.learning.search.guided import optuna_search
from neurosim.learning.search.rates import RateSweep, learning_rate_finder
from neurosim.learning.search.settings import grid_search, random_search
from neurosim.learning.search.table import SearchTable

__all__ = [
    "RateSweep",
    "SearchTable",
    "grid_search",
    "grow_layer",
    "learning_rate_finder",
    "optuna_search",
    "random_search",
]
