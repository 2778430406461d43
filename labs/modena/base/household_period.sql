-- label.it: Famiglie anagrafiche nell'ultimo giorno del trimestre
-- label.en: Registry households on the last day of the quarter
-- key: household
-- period: quarter

-- A *famiglia anagrafica*: persons on one family card. Convivenze anagrafiche (care homes, barracks, convents) are no households and are left out.
-- Unlinked records are members like the others: the card says that they live there.
-- Type by the relationships to the card's holder; children are children at any age, as in the census.
-- A holder with one parent and nobody else is one parent with a child; with two parents, a couple with a child.
-- Anybody else on the card (a second family, a carer, a brother) makes it `altro`.
WITH members AS (
  SELECT record, household, dwelling, rione, quartiere, age_years, citizenship_group, relationship
  FROM base.person_period
  WHERE household_kind = 'F' AND household IS NOT NULL
),
counted AS (
  SELECT household,
         count(*) AS members,
         count(*) FILTER (WHERE age_years < 18) AS minors,
         count(*) FILTER (WHERE age_years >= 65) AS elders,
         count(*) FILTER (WHERE citizenship_group <> 'italiana') AS foreigners,
         count(*) FILTER (WHERE relationship = 'IS') AS holders,
         count(*) FILTER (WHERE relationship = 'CG') AS partners,
         count(*) FILTER (WHERE relationship = 'FG') AS children,
         count(*) FILTER (WHERE relationship = 'GE') AS parents,
         min(record) FILTER (WHERE relationship = 'IS') AS holder
  FROM members
  GROUP BY household
),
-- A card whose holder left or is missing is spoken for by its eldest member.
headless AS (
  SELECT m.household, m.record,
         row_number() OVER (PARTITION BY m.household ORDER BY m.age_years DESC NULLS LAST, m.record) AS place
  FROM members AS m
  JOIN counted AS c ON c.household = m.household
  WHERE c.holder IS NULL
),
spoken AS (
  SELECT c.household, c.members, c.minors, c.elders, c.foreigners, c.holders, c.partners, c.children, c.parents,
         coalesce(c.holder, e.record) AS speaker
  FROM counted AS c
  LEFT JOIN headless AS e ON e.household = c.household AND e.place = 1
)
SELECT s.household,
       CAST(s.members AS INTEGER) AS members,
       CAST(s.minors AS INTEGER) AS minors,
       CAST(s.elders AS INTEGER) AS elders,
       s.foreigners > 0 AS has_foreign,
       m.citizenship_group,
       CASE
         WHEN s.members = 1 AND m.age_years < 65 THEN 'sola_under65'
         WHEN s.members = 1 AND m.age_years >= 65 THEN 'sola_65plus'
         WHEN s.holders <> 1 THEN 'altro'
         WHEN s.partners = 1 AND s.members = 2 THEN 'coppia_senza_figli'
         WHEN s.partners = 1 AND s.children > 0 AND s.members = 2 + s.children THEN 'coppia_con_figli'
         WHEN s.partners = 0 AND s.children > 0 AND s.members = 1 + s.children THEN 'monogenitore'
         WHEN s.parents = 2 AND s.members = 3 THEN 'coppia_con_figli'
         WHEN s.parents = 1 AND s.members = 2 THEN 'monogenitore'
         ELSE 'altro'
       END AS family_type,
       m.dwelling, m.rione, m.quartiere, d.tenure
FROM spoken AS s
JOIN members AS m ON m.record = s.speaker
LEFT JOIN base.dwelling_period AS d ON d.dwelling = m.dwelling
