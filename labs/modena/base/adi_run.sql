-- label.it: Famiglie con l'Assegno di inclusione nell'ultimo mese del trimestre, e da quanti mesi di fila
-- label.en: Families with the Assegno di inclusione in the quarter's last month, and for how many months in a row
-- key: household, person, record
-- period: quarter

-- A month counts when at least one payment of it was made; two payments of one month count once, and a month without a payment begins the count anew.
-- The household is the one written on the payment; without it, the family the person lives in on the quarter's last day.
-- What cannot be given to a household stays by person, and what has no person either by record.
WITH paid AS (
  SELECT a.record, a.person,
         CAST(date_part('year', a.event_date) * 12 + date_part('month', a.event_date) AS BIGINT) AS month,
         coalesce(a.household, p.household) AS household
  FROM history.comune_aiuti AS a
  LEFT JOIN base.person_period AS p ON p.person = a.person AND p.household_kind = 'F'
  WHERE a.measure = 'assegno_inclusione'
),
months AS (
  SELECT DISTINCT household,
         CASE WHEN household IS NULL THEN person END AS person,
         CASE WHEN household IS NULL AND person IS NULL THEN record END AS record,
         month
  FROM paid
),
-- Months that follow each other differ from their rank by one number.
ranked AS (
  SELECT household, person, record, month,
         month - CAST(row_number() OVER (PARTITION BY household, person, record ORDER BY month) AS BIGINT) AS run
  FROM months
),
runs AS (
  SELECT household, person, record, max(month) AS last_month, count(*) AS months
  FROM ranked
  GROUP BY household, person, record, run
)
SELECT household, person, record, CAST(months AS INTEGER) AS months_in_a_row
FROM runs
WHERE last_month = CAST(date_part('year', $last_day) * 12 + date_part('month', $last_day) AS BIGINT)
