-- label.it: Infortuni del trimestre: denunciati e riconosciuti
-- label.en: Accidents at work in the quarter: reported and recognised
-- key: record
-- period: quarter

-- By the place of the event, not of residence: a person who does not live here has no quartiere.
-- A later delivery of the same case replaces its status, so a quarter can change until its cases are consolidated.
SELECT i.record, i.person, i.event_date, i.place, i.status, i.kind AS accident_kind,
       p.sex, p.age_years, p.quartiere, p.citizenship_group
FROM register.inail_infortuni AS i
LEFT JOIN base.person_period AS p ON p.person = i.person
