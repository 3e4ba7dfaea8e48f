"""The laws: pure scalar functions, one file a mechanism, shared by both engines.

Each law is exact at its neutral parameter: it returns its input unchanged, to the last bit.
"""
