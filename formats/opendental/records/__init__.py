"""From rows to records of the model, kind by kind."""
