-- label.it: Rioni per trimestre: famiglie in affitto, sfratti emessi, sportello casa
-- label.en: Rioni by quarter: renting households, eviction orders, housing desk
-- key: rione, period
-- period: quarter

-- One row per rione and quarter, from the quarter of the first order that is known to this one.
-- A household rents when the holder of its card lives on the quarter's last day in a dwelling that is let at the market (tenure `A`).
-- An eviction notice here is an order issued (`emesso`), the first act of an eviction that the Municipality sees; the rione is that of the dwelling.
-- The desk's quarter is a public fact (`codes/sportelli_casa.csv`); it reads as null while the desk is still to open, and where none ever did.
-- `quarter_index` and `adoption_index` are the quarters as whole numbers: four times the year, and the number of the quarter.
WITH first_order AS (
  SELECT CAST(date_trunc('quarter', min(event_date)) AS DATE) AS first_day FROM history.comune_sfratti WHERE kind = 'emesso'
),
-- In every quarter somebody moves.
quarters AS (
  SELECT DISTINCT CAST(date_trunc('quarter', r.valid_from) AS DATE) AS first_day
  FROM register.comune_residenti AS r
  JOIN first_order AS f ON r.valid_from >= f.first_day
),
days AS (
  SELECT first_day, CAST(first_day + INTERVAL '3' MONTH AS DATE) AS next_day,
         CAST(date_part('year', first_day) * 4 + date_part('quarter', first_day) AS INTEGER) AS quarter_index,
         concat(CAST(CAST(date_part('year', first_day) AS INTEGER) AS VARCHAR), '-Q', CAST(CAST(date_part('quarter', first_day) AS INTEGER) AS VARCHAR)) AS period
  FROM quarters
),
cells AS (
  SELECT q.code AS rione, q.quartiere, d.period, d.quarter_index, d.first_day, d.next_day
  FROM codes.rioni AS q
  CROSS JOIN days AS d
),
-- How long each household rented each dwelling.
renting AS (
  SELECT h.household, h.rione,
         CASE WHEN h.valid_from > l.valid_from THEN h.valid_from ELSE l.valid_from END AS since,
         CASE
           WHEN h.valid_to IS NULL THEN l.valid_to
           WHEN l.valid_to IS NULL OR h.valid_to < l.valid_to THEN h.valid_to
           ELSE l.valid_to
         END AS until
  FROM register.comune_residenti AS h
  JOIN register.comune_alloggi AS l ON l.dwelling = h.dwelling
  WHERE h.relationship = 'IS' AND h.household_kind = 'F' AND l.tenure = 'A'
    AND (l.valid_to IS NULL OR h.valid_from < l.valid_to)
    AND (h.valid_to IS NULL OR l.valid_from < h.valid_to)
),
households AS (
  SELECT d.period, r.rione, count(DISTINCT r.household) AS renting_households
  FROM renting AS r
  JOIN days AS d ON r.since < d.next_day AND (r.until IS NULL OR r.until >= d.next_day)
  GROUP BY d.period, r.rione
),
places AS (
  SELECT dwelling, min(rione) AS rione FROM register.comune_alloggi WHERE dwelling IS NOT NULL GROUP BY dwelling
),
orders AS (
  SELECT p.rione, CAST(date_part('year', s.event_date) * 4 + date_part('quarter', s.event_date) AS INTEGER) AS quarter_index,
         count(*) AS eviction_notices
  FROM history.comune_sfratti AS s
  JOIN places AS p ON p.dwelling = s.dwelling
  WHERE s.kind = 'emesso'
  GROUP BY p.rione, CAST(date_part('year', s.event_date) * 4 + date_part('quarter', s.event_date) AS INTEGER)
),
opened AS (
  SELECT code AS rione, opened AS adoption_period,
         CAST(substr(opened, 1, 4) AS INTEGER) * 4 + CAST(substr(opened, 7, 1) AS INTEGER) AS adoption_index
  FROM codes.sportelli_casa
  WHERE opened <= $period
)
SELECT c.rione, c.quartiere, c.period, c.quarter_index,
       a.adoption_period, CAST(a.adoption_index AS INTEGER) AS adoption_index,
       CAST(coalesce(h.renting_households, 0) AS INTEGER) AS renting_households,
       CAST(coalesce(o.eviction_notices, 0) AS INTEGER) AS eviction_notices,
       CASE WHEN h.renting_households > 0 THEN CAST(coalesce(o.eviction_notices, 0) AS DOUBLE) * 1000 / h.renting_households END AS notices_per_1000
FROM cells AS c
LEFT JOIN households AS h ON h.rione = c.rione AND h.period = c.period
LEFT JOIN orders AS o ON o.rione = c.rione AND o.quarter_index = c.quarter_index
LEFT JOIN opened AS a ON a.rione = c.rione
