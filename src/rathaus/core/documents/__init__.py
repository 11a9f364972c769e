"""Documents that a city writes by hand: read with the line of every value, refused with line and
reason of every mistake.
"""
