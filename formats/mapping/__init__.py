"""Two-way descriptions of the model: which field goes where in an outside format, said once for both directions."""
