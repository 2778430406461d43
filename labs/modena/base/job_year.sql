-- label.it: Residenti al 31 dicembre che nell'anno hanno avuto un contratto di lavoro
-- label.en: Residents on 31 December who had an employment contract in the year
-- key: record
-- period: year

-- One row per resident with at least one day under a contract in the year.
-- A month counts as worked when a contract holds on at least one of its days; several contracts in a month count once.
-- The day of the end is no longer worked. Self-employment is not in the communications at all.
WITH spells AS (
  SELECT person,
         CASE WHEN valid_from < $first_day THEN 1 ELSE CAST(date_part('month', valid_from) AS BIGINT) END AS first_month,
         -- An end after the year reads as null.
         CASE WHEN valid_to IS NULL THEN 12 ELSE CAST(date_part('month', valid_to - INTERVAL '1 day') AS BIGINT) END AS last_month,
         CASE WHEN valid_to IS NULL THEN 0 ELSE 1 END AS is_ended
  FROM register.agenzia_lavoro_rapporti_lavoro
  WHERE person IS NOT NULL
    AND (valid_to IS NULL OR (valid_to > $first_day AND valid_to > valid_from))
),
-- The months of a contract as bits, so that months under several contracts count once.
worked AS (
  SELECT person,
         bit_or((CAST(1 AS BIGINT) << last_month) - (CAST(1 AS BIGINT) << (first_month - 1))) AS months,
         count(*) AS contracts,
         sum(is_ended) AS contracts_ended
  FROM spells
  GROUP BY person
)
SELECT p.record, p.person, p.household, p.quartiere, p.sex, p.age_years, p.citizenship_group,
       CAST((w.months & 1) + ((w.months >> 1) & 1) + ((w.months >> 2) & 1) + ((w.months >> 3) & 1)
            + ((w.months >> 4) & 1) + ((w.months >> 5) & 1) + ((w.months >> 6) & 1) + ((w.months >> 7) & 1)
            + ((w.months >> 8) & 1) + ((w.months >> 9) & 1) + ((w.months >> 10) & 1) + ((w.months >> 11) & 1)
            AS INTEGER) AS months_worked,
       CAST(w.contracts AS INTEGER) AS contracts,
       CAST(w.contracts_ended AS INTEGER) AS contracts_ended
FROM worked AS w
JOIN base.person_year AS p ON p.person = w.person
