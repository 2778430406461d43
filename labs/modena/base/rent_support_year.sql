-- label.it: Domande di contributo affitto dell'anno
-- label.en: Applications for rent support of the year
-- key: application
-- period: year

-- Every application of the year's call, with its outcome: excluded, admitted and not paid because the money ran out, paid.
-- The applicant's citizenship and quartiere are those of his last known position in the year.
WITH asked AS (
  SELECT DISTINCT person FROM register.comune_contributo_affitto WHERE person IS NOT NULL
),
known AS (
  SELECT r.person, r.rione, r.citizenship,
         row_number() OVER (PARTITION BY r.person ORDER BY r.valid_from DESC, r.record) AS place
  FROM register.comune_residenti AS r
  JOIN asked AS a ON a.person = r.person
)
SELECT s.application, s.person, s.household, s.outcome, s.amount_paid,
       q.quartiere, c.citizenship_group
FROM register.comune_contributo_affitto AS s
LEFT JOIN known AS k ON k.person = s.person AND k.place = 1
LEFT JOIN codes.rioni AS q ON q.code = k.rione
LEFT JOIN codes.cittadinanze AS c ON c.code = k.citizenship
