-- label.it: Procedure di sfratto note alla fine del trimestre, con le loro fasi
-- label.en: Eviction cases known at the end of the quarter, with their stages
-- key: record
-- period: quarter

-- One row per case: an order and the acts about the same dwelling until the next order; acts about a dwelling before any known order are a case whose order is not known.
-- An act that names no dwelling is a case by itself. Of acts of one day the order comes first, then the request, then the execution.
-- Each stage has the day of its first act; the key, the reason and the person are those of the case's first act.
-- Nobody tells the Municipality of a debt that was paid or of an agreement: a case without further acts stays open here, and analyses say for how long they look at it.
-- The quartiere is that of the dwelling on the quarter's last day; the citizenship that of the person in his last known position; the contract, the last one about the dwelling that began by the case's first act.
WITH acts AS (
  SELECT record, person, dwelling, coalesce(dwelling, record) AS place, dwelling IS NULL AS is_placeless, kind, reason, event_date,
         CASE kind WHEN 'emesso' THEN 1 WHEN 'richiesto' THEN 2 ELSE 3 END AS stage
  FROM history.comune_sfratti
),
numbered AS (
  SELECT record, person, dwelling, place, is_placeless, kind, reason, event_date, stage,
         count(CASE WHEN kind = 'emesso' THEN 1 END) OVER (
           PARTITION BY place, is_placeless
           ORDER BY event_date, stage, record
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
         ) AS serial
  FROM acts
),
ranked AS (
  SELECT record, person, dwelling, place, is_placeless, kind, reason, event_date, serial,
         row_number() OVER (PARTITION BY place, is_placeless, serial ORDER BY event_date, stage, record) AS rank
  FROM numbered
),
stages AS (
  SELECT place, is_placeless, serial,
         min(event_date) FILTER (WHERE kind = 'emesso') AS ordered,
         min(event_date) FILTER (WHERE kind = 'richiesto') AS requested,
         min(event_date) FILTER (WHERE kind = 'eseguito') AS executed,
         max(event_date) AS last_act
  FROM ranked
  GROUP BY place, is_placeless, serial
),
cases AS (
  SELECT f.record, f.person, f.dwelling, f.reason, f.event_date AS first_act, s.ordered, s.requested, s.executed, s.last_act
  FROM ranked AS f
  JOIN stages AS s ON s.place = f.place AND s.is_placeless = f.is_placeless AND s.serial = f.serial
  WHERE f.rank = 1
),
asked AS (
  SELECT DISTINCT person FROM cases WHERE person IS NOT NULL
),
known AS (
  SELECT r.person, r.citizenship,
         row_number() OVER (PARTITION BY r.person ORDER BY r.valid_from DESC, r.record) AS place
  FROM register.comune_residenti AS r
  JOIN asked AS a ON a.person = r.person
),
let AS (
  SELECT c.record, l.contract_type, l.valid_from AS contract_began,
         row_number() OVER (PARTITION BY c.record ORDER BY l.valid_from DESC, l.contract) AS place
  FROM cases AS c
  JOIN register.comune_contratti_affitto AS l ON l.dwelling = c.dwelling AND l.valid_from <= c.first_act
)
SELECT c.record, c.person, c.dwelling, c.reason, c.first_act, c.ordered, c.requested, c.executed, c.last_act,
       l.contract_type, l.contract_began, d.quartiere, g.citizenship_group
FROM cases AS c
LEFT JOIN let AS l ON l.record = c.record AND l.place = 1
LEFT JOIN base.dwelling_period AS d ON d.dwelling = c.dwelling
LEFT JOIN known AS k ON k.person = c.person AND k.place = 1
LEFT JOIN codes.cittadinanze AS g ON g.code = k.citizenship
