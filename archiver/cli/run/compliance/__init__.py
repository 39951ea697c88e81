"""What the commands of the law's deadlines and registers do."""
