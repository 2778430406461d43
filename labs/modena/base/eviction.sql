-- label.it: Sfratti nel trimestre: emessi, richiesti, eseguiti
-- label.en: Evictions in the quarter: ordered, requested, executed
-- key: record
-- period: quarter

-- Each row is an act, and the three stages of one eviction are three acts: they are never added up.
-- The quartiere is that of the dwelling the act is about; the citizenship, that of the person in his last known position before the act's quarter ended.
WITH asked AS (
  SELECT DISTINCT person FROM register.comune_sfratti WHERE person IS NOT NULL
),
known AS (
  SELECT r.person, r.citizenship,
         row_number() OVER (PARTITION BY r.person ORDER BY r.valid_from DESC, r.record) AS place
  FROM register.comune_residenti AS r
  JOIN asked AS a ON a.person = r.person
)
SELECT s.record, s.person, s.dwelling, s.kind, s.reason, s.event_date,
       d.quartiere, c.citizenship_group
FROM register.comune_sfratti AS s
LEFT JOIN base.dwelling_period AS d ON d.dwelling = s.dwelling
LEFT JOIN known AS k ON k.person = s.person AND k.place = 1
LEFT JOIN codes.cittadinanze AS c ON c.code = k.citizenship
