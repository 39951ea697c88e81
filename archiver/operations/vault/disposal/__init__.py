"""What the commands do with which a package leaves a vault for good: terms, holds, destruction."""
