"""Authorities' plans in their own words. Measurements are in `evidence`, publications of figures in `releases`."""
