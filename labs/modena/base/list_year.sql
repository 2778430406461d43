-- label.it: Domande in graduatoria in un giorno almeno dell'anno (ERP e Agenzia casa)
-- label.en: Applications on the lists on at least one day of the year (public housing and Agenzia casa)
-- key: list, application
-- period: year

-- An application is here when it was filed by 31 December and had no outcome before 1 January.
-- `days_before` says how long it had waited the day before the year began, none when it was filed in the year; `days` how long it had waited at its outcome or on 31 December.
-- An outcome after 31 December is not known yet.
-- The citizenship is that of the applicant's last known position in the registry.
WITH listed AS (
  SELECT 'erp' AS list, application, person, household, valid_from, valid_to, outcome
  FROM register.comune_graduatoria_erp
  WHERE valid_to IS NULL OR valid_to >= $first_day
  UNION ALL
  SELECT 'agenzia_casa' AS list, application, person, household, valid_from, valid_to, outcome
  FROM register.comune_agenzia_casa
  WHERE valid_to IS NULL OR valid_to >= $first_day
),
asked AS (
  SELECT DISTINCT person FROM listed WHERE person IS NOT NULL
),
known AS (
  SELECT r.person, r.citizenship,
         row_number() OVER (PARTITION BY r.person ORDER BY r.valid_from DESC, r.record) AS place
  FROM register.comune_residenti AS r
  JOIN asked AS a ON a.person = r.person
)
SELECT l.list, l.application, l.person, l.household, l.valid_from AS entered, l.valid_to AS ended, l.outcome,
       CAST(CASE WHEN l.valid_from < $first_day THEN $first_day - l.valid_from - 1 END AS INTEGER) AS days_before,
       CAST(coalesce(l.valid_to, $last_day) - l.valid_from AS INTEGER) AS days,
       c.citizenship_group
FROM listed AS l
LEFT JOIN known AS k ON k.person = l.person AND k.place = 1
LEFT JOIN codes.cittadinanze AS c ON c.code = k.citizenship
