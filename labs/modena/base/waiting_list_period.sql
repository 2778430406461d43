-- label.it: Domande in attesa nell'ultimo giorno del trimestre (ERP e Agenzia casa)
-- label.en: Applications waiting on the last day of the quarter (public housing and Agenzia casa)
-- key: list, application
-- period: quarter

-- An application waits until it has an outcome; an outcome after the last day is not known yet.
-- The applicant's citizenship and quartiere are those of his last known position in the registry: he may have left the city and still wait.
WITH waiting AS (
  SELECT 'erp' AS list, application, person, household, valid_from
  FROM register.comune_graduatoria_erp
  WHERE valid_to IS NULL
  UNION ALL
  SELECT 'agenzia_casa' AS list, application, person, household, valid_from
  FROM register.comune_agenzia_casa
  WHERE valid_to IS NULL
),
asked AS (
  SELECT DISTINCT person FROM waiting WHERE person IS NOT NULL
),
known AS (
  SELECT r.person, r.rione, r.citizenship,
         row_number() OVER (PARTITION BY r.person ORDER BY r.valid_from DESC, r.record) AS place
  FROM register.comune_residenti AS r
  JOIN asked AS a ON a.person = r.person
)
SELECT w.list, w.application, w.person, w.household, w.valid_from AS entered,
       q.quartiere, c.citizenship_group
FROM waiting AS w
LEFT JOIN known AS k ON k.person = w.person AND k.place = 1
LEFT JOIN codes.rioni AS q ON q.code = k.rione
LEFT JOIN codes.cittadinanze AS c ON c.code = k.citizenship
