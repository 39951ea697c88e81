"""What ``deliver`` may be told: whose dossiers, in which form, and what each form takes besides."""
