"""How a sweep is said: points, charts, cliffs in words; and where finished points wait for the rest."""
