"""The starter model: a scroll painter, and the training of a small diffusion model on its pictures."""
