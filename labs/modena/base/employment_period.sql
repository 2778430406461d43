-- label.it: Rapporti di lavoro in corso nell'ultimo giorno del trimestre
-- label.en: Employment contracts running on the last day of the quarter
-- key: contract
-- period: quarter

-- One row per contract: a person with two contracts has two rows.
-- Who works here and lives elsewhere, or is unlinked, has no quartiere; self-employment is not in the communications at all.
SELECT w.contract, w.person, w.contract_type AS employment_type, w.hours, w.sector, w.valid_from AS started,
       p.household, p.sex, p.age_years, p.quartiere, p.citizenship_group
FROM register.agenzia_lavoro_rapporti_lavoro AS w
LEFT JOIN base.person_period AS p ON p.person = w.person
WHERE w.valid_to IS NULL
