-- label.it: Infortuni dell'anno, con la famiglia di chi si è infortunato
-- label.en: Accidents of the year, with the family of the injured person
-- key: record
-- period: year

-- By the year of the event. Who does not live here on 31 December, or is unlinked, has no family and no income.
-- Whether a case is recognised is what its last delivery says: a recent year changes until its cases are consolidated.
SELECT i.record, i.person, i.event_date, i.place, i.status, i.kind AS accident_kind,
       p.household, p.sex, p.citizenship_group, p.is_poor
FROM register.inail_infortuni AS i
LEFT JOIN base.income_year AS p ON p.person = i.person
