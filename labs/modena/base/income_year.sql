-- label.it: Persone in famiglia al 31 dicembre, con il reddito equivalente e la condizione di povertà
-- label.en: Persons in a family on 31 December, with the equivalised income and whether they are at risk of poverty
-- key: record
-- period: year

-- One row per person in a registry household; the income is that of the family, equivalised, as in household_year.
-- It is null where no member of 15 or more has a return: nothing was seen of the family.
-- At risk of poverty: income strictly below 60 % of the median of all persons whose income is seen (Eurostat, EU-SILC 131-rev/04).
-- `income_class` is the income in percent of that median; the poverty lines of 40, 50, 60 and 70 % are ends of classes, so that no line cuts a class in two.
WITH seen AS (
  SELECT p.record, p.person, p.household, p.quartiere, p.sex, p.age_years, p.citizenship_group, h.family_type,
         CASE WHEN h.members_15plus_with_return > 0 THEN h.equivalised_taxable_income END AS income
  FROM base.person_year AS p
  JOIN base.household_year AS h ON h.household = p.household
),
middle AS (
  -- Twice the median is a whole number of cents: the comparison is exact.
  SELECT CAST(round(median(CAST(income AS DOUBLE)) * 200) AS BIGINT) AS twice_median_cents FROM seen
)
SELECT s.record, s.person, s.household, s.quartiere, s.sex, s.age_years,
       CASE
         WHEN s.age_years < 18 THEN '0_17'
         WHEN s.age_years < 35 THEN '18_34'
         WHEN s.age_years < 65 THEN '35_64'
         ELSE '65_plus'
       END AS age_group,
       s.citizenship_group, s.family_type,
       CAST(s.income AS DECIMAL(14, 2)) AS income,
       CAST(s.income * 100 AS BIGINT) * 20 < m.twice_median_cents * 6 AS is_poor,
       CASE
         WHEN s.income IS NULL THEN NULL
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 20 THEN '0_20'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 40 THEN '20_40'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 50 THEN '40_50'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 60 THEN '50_60'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 70 THEN '60_70'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 80 THEN '70_80'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 100 THEN '80_100'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 120 THEN '100_120'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 140 THEN '120_140'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 160 THEN '140_160'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 200 THEN '160_200'
         WHEN CAST(s.income * 100 AS BIGINT) * 200 < m.twice_median_cents * 300 THEN '200_300'
         ELSE '300_'
       END AS income_class
FROM seen AS s
CROSS JOIN middle AS m
