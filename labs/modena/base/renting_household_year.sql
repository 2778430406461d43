-- label.it: Famiglie in affitto il 31 dicembre: canone, reddito, ISEE, sfratto in corso, contributo all'affitto
-- label.en: Renting households on 31 December: rent, income, ISEE, eviction under way, rent support
-- key: household
-- period: year

-- Registry households that bear a rent under a registered contract on 31 December (see `base.household_year`).
-- `isee_min` is the smallest of the last ISEE of the year of its members: members may belong to different ISEE households.
-- An eviction is under way when the contract in force has a case that is not executed and whose last act is of the last two years: older ones were mostly settled, and nobody tells the Municipality.
-- Rent support: whether an application of the household, or of one of its members, to the year's call was admitted, and whether it was paid.
WITH renting AS (
  SELECT household, members, citizenship_group, family_type, quartiere, dwelling, contract_type,
         members_15plus_with_return, equivalence_scale, taxable_income, equivalised_taxable_income, rent_eur_year
  FROM base.household_year
  WHERE rent_eur_year > 0
),
declared AS (
  SELECT household, min(isee) AS isee_min
  FROM base.isee_year
  WHERE household IS NOT NULL
  GROUP BY household
),
under_eviction AS (
  SELECT DISTINCT e.dwelling
  FROM base.eviction_case AS e
  JOIN base.dwelling_period AS d ON d.dwelling = e.dwelling
  WHERE e.executed IS NULL
    AND e.contract_began = d.rented_since
    AND e.last_act > $last_day - INTERVAL '24' MONTH
),
applied AS (
  SELECT coalesce(s.household, p.household) AS household,
         max(CASE WHEN s.outcome IN ('A', 'P') THEN 1 ELSE 0 END) AS is_admitted,
         max(CASE WHEN s.outcome = 'P' THEN 1 ELSE 0 END) AS is_paid
  FROM base.rent_support_year AS s
  LEFT JOIN base.person_year AS p ON p.person = s.person AND p.household_kind = 'F'
  GROUP BY coalesce(s.household, p.household)
)
SELECT r.household, r.members, r.citizenship_group, r.family_type, r.quartiere, r.dwelling, r.contract_type, d.rented_since AS contract_began,
       r.members_15plus_with_return, r.equivalence_scale, r.taxable_income, r.equivalised_taxable_income, r.rent_eur_year,
       i.isee_min,
       e.dwelling IS NOT NULL AS has_eviction,
       coalesce(a.is_admitted, 0) = 1 AS has_support_admitted,
       coalesce(a.is_paid, 0) = 1 AS has_support_paid
FROM renting AS r
LEFT JOIN base.dwelling_period AS d ON d.dwelling = r.dwelling
LEFT JOIN declared AS i ON i.household = r.household
LEFT JOIN under_eviction AS e ON e.dwelling = r.dwelling
LEFT JOIN applied AS a ON a.household = r.household
