"""Faults that are injected: a catalogue of points, the means that inject them, the scenes, and what must hold after."""
