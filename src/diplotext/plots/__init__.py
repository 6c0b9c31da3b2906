"""Figures from tables of findings and scores; each returns its Axes, shows intervals and n, and reads in grey."""

from diplotext.plots.groups import STANCE_COLOURS, plot_postures, plot_stances
from diplotext.plots.pairs import build_network, plot_matrix, plot_network
from diplotext.plots.scores import plot_scores
from diplotext.plots.timeline import plot_timeline

__all__ = [
    "STANCE_COLOURS", "build_network", "plot_matrix", "plot_network", "plot_postures", "plot_scores", "plot_stances",
    "plot_timeline",
]  # fmt: skip
