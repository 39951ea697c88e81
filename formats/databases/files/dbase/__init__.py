"""Tables of dBase III and IV and FoxPro, with their memo files."""
