-- label.it: Aiuti economici del trimestre, per famiglia e misura
-- label.en: Social aid of the quarter, by household and measure
-- key: household, person, record, measure
-- period: quarter

-- As `aid_year`, a quarter at a time: the household is the one written on the payment; without it, the family the person lives in on the last day.
-- What cannot be given to a household stays by person, and what has no person either stays by record: a payment is never lost.
WITH paid AS (
  SELECT a.record, a.person, a.measure, a.amount,
         coalesce(a.household, p.household) AS household
  FROM register.comune_aiuti AS a
  LEFT JOIN base.person_period AS p ON p.person = a.person AND p.household_kind = 'F'
),
placed AS (
  SELECT household,
         CASE WHEN household IS NULL THEN person END AS person,
         CASE WHEN household IS NULL AND person IS NULL THEN record END AS record,
         measure, amount
  FROM paid
)
SELECT a.household, a.person, a.record, a.measure,
       CAST(sum(a.amount) AS DECIMAL(14, 2)) AS amount,
       CAST(count(*) AS INTEGER) AS payments,
       m.level
FROM placed AS a
LEFT JOIN codes.misure AS m ON m.code = a.measure
GROUP BY a.household, a.person, a.record, a.measure, m.level
