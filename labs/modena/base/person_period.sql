-- label.it: Persone residenti nell'ultimo giorno del trimestre
-- label.en: Persons resident on the last day of the quarter
-- key: record
-- period: quarter

-- One row per resident.
-- An end after the last day reads as null, so a position without end is one that holds on the last day.
-- A record whose codice fiscale was missing or not canonical has no person: it stays, unlinked, and is counted by its record.
-- One citizen can hold two positions at once (a move written twice, a return whose first leaving was never closed).
-- He lives in one place: the position begun last is kept, of two begun on the same day the one with the smaller record; `positions` says how many there were.
-- Positions under one codice fiscale that differ in month of birth or sex are different people, one of them under another's code:
-- all of them live here and are counted, and a code that two people bear links neither.
WITH active AS (
  SELECT record, person, household, dwelling, rione, sex, birth_month, citizenship, relationship, household_kind, valid_from
  FROM register.comune_residenti
  WHERE valid_to IS NULL
),
repeated AS (
  SELECT person, count(*) AS positions,
         min(birth_month) <> max(birth_month) OR min(sex) <> max(sex) AS is_shared
  FROM active
  WHERE person IS NOT NULL
  GROUP BY person
  HAVING count(*) > 1
),
-- Ranks are made for the few repeated persons only: ranking the whole city each quarter would be a sort of it.
ranked AS (
  SELECT a.record, r.positions, r.is_shared,
         row_number() OVER (PARTITION BY a.person, a.birth_month, a.sex ORDER BY a.valid_from DESC, a.record) AS place
  FROM active AS a
  JOIN repeated AS r ON r.person = a.person
)
SELECT a.record, CASE WHEN k.is_shared THEN NULL ELSE a.person END AS person, a.household, a.dwelling, a.rione, q.quartiere, a.sex,
       -- The birth date arrives as the first of its month; at the end of a month everybody born in it has had the birthday.
       CAST(date_part('year', $last_day) - date_part('year', a.birth_month)
            - CASE WHEN date_part('month', a.birth_month) > date_part('month', $last_day) THEN 1 ELSE 0 END AS INTEGER) AS age_years,
       a.citizenship, c.citizenship_group, a.relationship, a.household_kind,
       CAST(coalesce(k.positions, 1) AS INTEGER) AS positions
FROM active AS a
LEFT JOIN ranked AS k ON k.record = a.record
LEFT JOIN codes.rioni AS q ON q.code = a.rione
LEFT JOIN codes.cittadinanze AS c ON c.code = a.citizenship
WHERE k.place IS NULL OR k.place = 1
