-- label.it: Iscrizioni alla disoccupazione in corso nell'ultimo giorno del trimestre
-- label.en: Unemployment registrations running on the last day of the quarter
-- key: registration
-- period: quarter

-- A registration (DID) is a declaration of availability, not the ILO's unemployment.
SELECT d.registration, d.person, d.valid_from AS registered,
       p.household, p.sex, p.age_years, p.quartiere, p.citizenship_group
FROM register.agenzia_lavoro_disoccupazione AS d
LEFT JOIN base.person_period AS p ON p.person = d.person
WHERE d.valid_to IS NULL
