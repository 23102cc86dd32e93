"""Settings that travel between programs as text inside pictures: read from many, written as most understand them."""
