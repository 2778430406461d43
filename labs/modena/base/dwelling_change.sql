-- label.it: Alloggi in cui cambia chi abita nel trimestre
-- label.en: Dwellings whose inhabitants change in the quarter
-- key: dwelling, household
-- period: quarter

-- One row per dwelling and registry household that began or ended to live there, from the day before the quarter to its last day; and one per household that stays while the register replaces the dwelling's record.
-- Dwellings and households have the body's keyed hash of their key, the same at each delivery; people are followed through the links.
-- `lived_from` is the first day of the stay that is told, whoever of the household has lived there; `lived_until` the day on which nobody of it does any more, none while it stays.
-- Begun: `renumbered` when people of a household that is gone from the dwelling go on there under this number; `split` when they left one that stays there; else `moved_in`.
-- Ended: `merged` when people of it go on there in a household that was there; `renumbered` when they go on in one that was not; `moved_out` when the household or one of its people lives elsewhere in the city; else `ended`.
-- Who has neither a code nor a link is followed nowhere, and counts among the members.
WITH positions AS (
  SELECT record, person, household, dwelling, valid_from, valid_to
  FROM register.comune_residenti
  WHERE household_kind = 'F' AND household IS NOT NULL AND (valid_to IS NULL OR valid_to >= $first_day)
),
replaced AS (
  SELECT o.dwelling
  FROM register.comune_alloggi AS o
  JOIN register.comune_alloggi AS n ON n.dwelling = o.dwelling
  WHERE o.valid_from < $first_day AND o.valid_to >= $first_day
    AND n.valid_from >= $first_day AND n.valid_to IS NULL
  GROUP BY o.dwelling
),
-- Only these can have changed.
touched AS (
  SELECT dwelling, household
  FROM positions
  WHERE dwelling IS NOT NULL AND (valid_from >= $first_day OR valid_to IS NOT NULL)
  UNION
  SELECT p.dwelling, p.household
  FROM positions AS p
  JOIN replaced AS r ON r.dwelling = p.dwelling
),
lived AS (
  SELECT t.dwelling, t.household,
         count(*) FILTER (WHERE p.valid_from < $first_day) AS members_before,
         count(*) FILTER (WHERE p.valid_to IS NULL) AS members_now
  FROM touched AS t
  JOIN positions AS p ON p.dwelling = t.dwelling AND p.household = t.household
  GROUP BY t.dwelling, t.household
),
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
-- People who go on in the dwelling under another household.
passed AS (
  SELECT e.dwelling, e.household AS previous_household, b.household
  FROM ended AS e
  JOIN begun AS b ON b.person = e.person AND b.dwelling = e.dwelling AND b.household <> e.household
  GROUP BY e.dwelling, e.household, b.household
),
came AS (
  SELECT p.dwelling, p.household, max(CASE WHEN l.members_now > 0 THEN 1 ELSE 0 END) AS is_from_standing
  FROM passed AS p
  JOIN lived AS l ON l.dwelling = p.dwelling AND l.household = p.previous_household
  GROUP BY p.dwelling, p.household
),
went AS (
  SELECT p.dwelling, p.previous_household AS household, max(CASE WHEN l.members_before > 0 THEN 1 ELSE 0 END) AS is_to_standing
  FROM passed AS p
  JOIN lived AS l ON l.dwelling = p.dwelling AND l.household = p.household
  GROUP BY p.dwelling, p.previous_household
),
-- Households that ended here and go on elsewhere: as such, or in one of their people.
elsewhere AS (
  SELECT l.dwelling, l.household
  FROM lived AS l
  JOIN positions AS p ON p.household = l.household
  WHERE l.members_now = 0 AND p.valid_to IS NULL
  UNION
  SELECT e.dwelling, e.household
  FROM ended AS e
  JOIN begun AS b ON b.person = e.person
),
changed AS (
  SELECT l.dwelling, l.household, l.members_before, l.members_now,
         CASE
           WHEN l.members_before > 0 AND l.members_now > 0 THEN 'record_replaced'
           WHEN l.members_now > 0 AND c.is_from_standing = 1 THEN 'split'
           WHEN l.members_now > 0 AND c.is_from_standing = 0 THEN 'renumbered'
           WHEN l.members_now > 0 THEN 'moved_in'
           WHEN w.is_to_standing = 1 THEN 'merged'
           WHEN w.is_to_standing = 0 THEN 'renumbered'
           WHEN e.household IS NOT NULL THEN 'moved_out'
           ELSE 'ended'
         END AS event
  FROM lived AS l
  LEFT JOIN replaced AS r ON r.dwelling = l.dwelling
  LEFT JOIN came AS c ON c.dwelling = l.dwelling AND c.household = l.household
  LEFT JOIN went AS w ON w.dwelling = l.dwelling AND w.household = l.household
  LEFT JOIN elsewhere AS e ON e.dwelling = l.dwelling AND e.household = l.household
  WHERE (l.members_before > 0) <> (l.members_now > 0)
     OR (l.members_before > 0 AND l.members_now > 0 AND r.dwelling IS NOT NULL)
),
-- A household that left and came back begins another stay: a position that begins after all before it have ended.
history AS (
  SELECT c.dwelling, c.household, p.valid_from, p.valid_to,
         max(coalesce(p.valid_to, DATE '9999-12-31')) OVER (
           PARTITION BY c.dwelling, c.household
           ORDER BY p.valid_from, p.record
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
         ) AS reached
  FROM changed AS c
  JOIN register.comune_residenti AS p ON p.dwelling = c.dwelling AND p.household = c.household
  WHERE p.household_kind = 'F' AND (p.valid_to IS NULL OR p.valid_to > p.valid_from)
),
stays AS (
  SELECT dwelling, household,
         max(CASE WHEN reached IS NULL OR valid_from > reached THEN valid_from END) AS lived_from,
         max(valid_to) AS last_ended
  FROM history
  GROUP BY dwelling, household
)
SELECT c.dwelling, c.household, c.event, s.lived_from,
       CASE WHEN c.members_now = 0 THEN s.last_ended END AS lived_until,
       CAST(c.members_before AS INTEGER) AS members_before,
       CAST(c.members_now AS INTEGER) AS members_now,
       r.dwelling IS NOT NULL AS is_record_replaced
FROM changed AS c
JOIN stays AS s ON s.dwelling = c.dwelling AND s.household = c.household
LEFT JOIN replaced AS r ON r.dwelling = c.dwelling
