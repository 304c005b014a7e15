"""Tolerances of what is drawn: so many standard deviations, said where it is used."""
SIGMAS = 4  # one test in 16,000 would fail by chance; the seed is fixed, so none does


def near(found, of, share, sigmas=SIGMAS):
    """Whether `found` of `of` independent draws fit a probability."""
    sigma = (share * (1 - share) * of) ** 0.5
    return abs(found - share * of) <= sigmas * sigma + 0.5


def correlation(db, query):
    """Of the two columns of a query."""
    a, b = [c[0] for c in db.execute(f"describe {query}").fetchall()]
    return db.execute(f"select corr({a}, {b}) from ({query})").fetchone()[0]
