-- label.it: Esiti delle domande nel trimestre (ERP e Agenzia casa)
-- label.en: Outcomes of applications in the quarter (public housing and Agenzia casa)
-- key: list, application
-- period: quarter

-- A flow: what ended within the quarter, allocated, withdrawn or excluded.
WITH ended AS (
  SELECT 'erp' AS list, application, person, household, valid_from, valid_to, outcome
  FROM register.comune_graduatoria_erp
  WHERE valid_to BETWEEN $first_day AND $last_day
  UNION ALL
  SELECT 'agenzia_casa' AS list, application, person, household, valid_from, valid_to, outcome
  FROM register.comune_agenzia_casa
  WHERE valid_to BETWEEN $first_day AND $last_day
),
asked AS (
  SELECT DISTINCT person FROM ended WHERE person IS NOT NULL
),
known AS (
  SELECT r.person, r.rione, r.citizenship,
         row_number() OVER (PARTITION BY r.person ORDER BY r.valid_from DESC, r.record) AS place
  FROM register.comune_residenti AS r
  JOIN asked AS a ON a.person = r.person
)
SELECT e.list, e.application, e.person, e.household, e.valid_from AS entered, e.valid_to AS ended, e.outcome,
       CAST(e.valid_to - e.valid_from AS INTEGER) AS days_waited,
       q.quartiere, c.citizenship_group
FROM ended AS e
LEFT JOIN known AS k ON k.person = e.person AND k.place = 1
LEFT JOIN codes.rioni AS q ON q.code = k.rione
LEFT JOIN codes.cittadinanze AS c ON c.code = k.citizenship
