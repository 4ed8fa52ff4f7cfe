"""The fast ways of replay: expressions over whole columns that are equal, bar by bar, to real prefixes.

expression    a column that stands for "this column up to every bar"; computed once and remembered
operation     something on the list of what may be done to an expression: causal, and proven equal to pandas on
              every prefix by tests/replay/test_operations_are_causal.py
bar value     a scalar that stands for "this value at every bar"
stand-in      any of the objects that a strategy meets in the place of real ones: frame, row, column, value, text
decision      the moment at which the code asks a bar value for its truth
path          one run of the strategy in which each decision has one answer; it holds for the bars in its mask
open bars     bars that a path leaves to their real prefixes
give up       an end of the fast way: something was asked that is not on the list
"""
