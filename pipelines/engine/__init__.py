"""The only place where torch lives: one GPU thread, one job queue."""
