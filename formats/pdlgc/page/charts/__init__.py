"""The mouth of a patient as it is drawn: dental chart and periodontal charts."""
