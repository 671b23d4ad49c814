"""Article XIV as pure rules: who may look at what on a school-issued device, on which ground, and who is then told."""
