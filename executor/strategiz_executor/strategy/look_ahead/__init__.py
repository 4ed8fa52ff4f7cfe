"""Whether signals of forms 2 and 3, which see all bars at once, know what comes after their bar."""
