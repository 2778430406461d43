-- label.it: Ultima attestazione ISEE dell'anno, per persona
-- label.en: Last ISEE declaration of the year, by person
-- key: record
-- period: year

-- One row per member of the *nucleo ISEE*, which is not the famiglia anagrafica.
-- A person in several declarations of the year is in the last one filed; of the same day, in the one with the smaller record.
-- Unlinked rows stay, each by its record.
-- The ISEE of a year speaks of the incomes of `income_year`, two years before.
WITH ranked AS (
  SELECT record, declaration, person, event_date, income_year, isee, ise, scale, members,
         row_number() OVER (PARTITION BY person ORDER BY event_date DESC, record) AS place
  FROM register.comune_isee
)
SELECT i.record, i.declaration, i.person, i.event_date, i.income_year, i.isee, i.ise, i.scale, i.members,
       p.household, p.age_years, p.quartiere, p.citizenship_group
FROM ranked AS i
LEFT JOIN base.person_year AS p ON p.person = i.person
WHERE i.person IS NULL OR i.place = 1
