"""A sealed package handed to an archive in another form: nothing of it is opened, and no key is needed."""
