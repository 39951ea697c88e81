"""Documents that go with a transfer: what each says, its templates in both languages, where its facts come from."""
