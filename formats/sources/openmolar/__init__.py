"""How OpenMolar writes what is in a mouth: columns of teeth, codes of treatments, periodontal charts as bytes."""
