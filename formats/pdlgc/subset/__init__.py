"""The submission of a patient's archive (``IHE_XDM/SUBSET01``): its documents, their metadata, what they are called."""
