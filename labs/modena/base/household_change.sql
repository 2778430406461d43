-- label.it: Famiglie anagrafiche che cambiano nel trimestre
-- label.en: Registry households that change in the quarter
-- key: previous_household, household
-- period: quarter

-- One row per pair of households that people passed between, from the day before the quarter to its last day, and one per household that changed dwelling whole.
-- People are followed through the links; who has neither a code nor a link is on no pair, and counts in the sizes.
-- The heir of a household is where most of its followed members are: itself when they are as many there, else the smaller number.
-- `renumbered`: the whole household stands under another number. `merged`: it went whole into another. `split`: a part left, and this is not the heir.
-- `passed_on`: the household is gone and this is its heir, not of all. `joined`: a part left for a household that was there. `moved`: the same household in another dwelling.
WITH positions AS (
  SELECT record, person, household, dwelling, valid_from, valid_to
  FROM register.comune_residenti
  WHERE household_kind = 'F' AND household IS NOT NULL AND (valid_to IS NULL OR valid_to >= $first_day)
),
-- Only who ended a position in the quarter and began another can have changed household or dwelling.
ended AS (
  SELECT person, household, dwelling
  FROM positions
  WHERE valid_to IS NOT NULL AND valid_from < $first_day AND person IS NOT NULL
),
begun AS (
  SELECT person, household, dwelling
  FROM positions
  WHERE valid_to IS NULL AND valid_from >= $first_day AND person IS NOT NULL
),
pairs AS (
  SELECT e.household AS previous_household, b.household AS household,
         count(DISTINCT e.person) AS passed,
         min(e.dwelling) AS previous_dwelling, min(b.dwelling) AS dwelling
  FROM ended AS e
  JOIN begun AS b ON b.person = e.person
  GROUP BY e.household, b.household
),
touched AS (
  SELECT previous_household AS household FROM pairs
  UNION
  SELECT household FROM pairs
),
before AS (
  SELECT p.household, count(*) AS members
  FROM positions AS p
  JOIN touched AS t ON t.household = p.household
  WHERE p.valid_from < $first_day
  GROUP BY p.household
),
now AS (
  SELECT p.household, count(*) AS members,
         count(*) FILTER (WHERE p.valid_from < $first_day) AS stayed
  FROM positions AS p
  JOIN touched AS t ON t.household = p.household
  WHERE p.valid_to IS NULL
  GROUP BY p.household
),
-- Whoever did not move stays with the household: they weigh for it when its heir is looked for.
shares AS (
  SELECT previous_household, household, passed AS members FROM pairs WHERE previous_household <> household
  UNION ALL
  SELECT t.household AS previous_household, t.household AS household, coalesce(n.stayed, 0) + coalesce(s.passed, 0) AS members
  FROM touched AS t
  LEFT JOIN now AS n ON n.household = t.household
  LEFT JOIN pairs AS s ON s.previous_household = t.household AND s.household = t.household
),
heirs AS (
  SELECT previous_household, household,
         row_number() OVER (
           PARTITION BY previous_household
           ORDER BY members DESC, CASE WHEN previous_household = household THEN 0 ELSE 1 END, household
         ) AS place
  FROM shares
  WHERE members > 0
)
SELECT p.previous_household, p.household,
       CASE
         WHEN p.previous_household = p.household THEN 'moved'
         WHEN n.members = p.passed AND b.members = p.passed THEN 'renumbered'
         WHEN b.members = p.passed THEN 'merged'
         WHEN h.place = 1 THEN 'passed_on'
         WHEN n.members = p.passed THEN 'split'
         ELSE 'joined'
       END AS event,
       CAST(p.passed AS INTEGER) AS passed,
       CAST(b.members AS INTEGER) AS members_before,
       CAST(n.members AS INTEGER) AS members_now,
       p.previous_dwelling, p.dwelling
FROM pairs AS p
JOIN before AS b ON b.household = p.previous_household
JOIN now AS n ON n.household = p.household
LEFT JOIN heirs AS h ON h.previous_household = p.previous_household AND h.household = p.household
WHERE p.previous_household <> p.household
   OR (b.members = p.passed AND p.previous_dwelling <> p.dwelling)
