"""Internet use agreements: forms, signatures, the change of teachers, lapse, refusal, alternatives."""
