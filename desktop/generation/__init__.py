"""Document and form in, request out; result in, layer and record out."""
