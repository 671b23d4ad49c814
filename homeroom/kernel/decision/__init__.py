"""One question, one function: may this person reach this name or URL now, and under which clause?

The order of judgement is `steps.STEPS`; `decide.decide` walks it until a step answers,
`decide.explain` walks it to the end and keeps what each step said.
"""
