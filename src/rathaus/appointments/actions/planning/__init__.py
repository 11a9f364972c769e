"""Everything that changes the plan: hours, closures, absences, duties, skills, shares, offers."""
