"""How the commands of the law's deadlines and registers are typed."""
