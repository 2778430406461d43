-- label.it: Famiglie anagrafiche al 31 dicembre, con il reddito imponibile equivalente
-- label.en: Registry households on 31 December, with the equivalised taxable income
-- key: household
-- period: year

-- The household is that of 31 December, its income the sum of its members' taxable incomes of the year.
-- Who filed no return adds nothing to the sum; how far the sum is seen is told beside it: members aged 15 or over, and how many of them have a return.
-- The income is null, not zero, when no returns of the year were delivered yet, and when no member aged 15 or over is linked: nothing was seen then.
-- Scale: OECD-modified (Eurostat): 1 for the first person, 0.5 for each further one aged 14 or over, 0.3 for each under 14.
-- Rent: twelve times the monthly rent of the contract that runs on the dwelling on 31 December.
-- Where several households share the dwelling the tenant's household bears it; when the tenant is not among them, they bear it in equal parts.
WITH returns AS (
  SELECT count(*) AS delivered FROM register.comune_redditi
),
incomes AS (
  SELECT household,
         sum(coalesce(taxable_income, 0)) AS taxable_income,
         count(*) FILTER (WHERE age_years < 14) AS under_14,
         count(*) FILTER (WHERE age_years >= 15) AS members_15plus,
         count(*) FILTER (WHERE age_years >= 15 AND has_return) AS members_15plus_with_return,
         count(*) FILTER (WHERE age_years >= 15 AND person IS NOT NULL) AS linked_15plus,
         count(*) FILTER (WHERE person IS NULL) AS members_unlinked
  FROM base.person_year
  WHERE household_kind = 'F' AND household IS NOT NULL
  GROUP BY household
),
sharing AS (
  SELECT dwelling, count(*) AS households
  FROM base.household_period
  WHERE dwelling IS NOT NULL
  GROUP BY dwelling
),
let AS (
  SELECT d.dwelling, d.contract_type, d.rent_eur_month, t.household AS tenant_household
  FROM base.dwelling_period AS d
  -- The tenant counts only when he lives in the dwelling he rents.
  LEFT JOIN base.person_period AS t ON t.person = d.tenant AND t.dwelling = d.dwelling AND t.household_kind = 'F'
  WHERE d.contract_type IS NOT NULL
),
seen AS (
  SELECT h.household, h.members, h.minors, h.elders, h.has_foreign, h.citizenship_group, h.family_type,
         h.dwelling, h.rione, h.quartiere, h.tenure,
         i.under_14, i.members_15plus, i.members_15plus_with_return, i.members_unlinked,
         -- A household of children only still counts its first member as 1.
         CAST(10 + 5 * greatest(h.members - i.under_14 - 1, 0)
              + 3 * CASE WHEN i.under_14 = h.members THEN h.members - 1 ELSE i.under_14 END AS BIGINT) AS scale_tenths,
         CASE WHEN r.delivered > 0 AND i.linked_15plus > 0 THEN i.taxable_income END AS taxable_income,
         CASE
           WHEN l.tenant_household IS NULL THEN l.rent_eur_month * 12 / s.households
           WHEN l.tenant_household = h.household THEN l.rent_eur_month * 12
         END AS rent_eur_year,
         CASE WHEN l.tenant_household IS NULL OR l.tenant_household = h.household THEN l.contract_type END AS contract_type
  FROM base.household_period AS h
  JOIN incomes AS i ON i.household = h.household
  CROSS JOIN returns AS r
  LEFT JOIN let AS l ON l.dwelling = h.dwelling
  LEFT JOIN sharing AS s ON s.dwelling = h.dwelling
)
SELECT household, members, minors, elders, has_foreign, citizenship_group, family_type,
       dwelling, rione, quartiere, tenure, contract_type,
       CAST(under_14 AS INTEGER) AS members_under_14,
       CAST(members_15plus AS INTEGER) AS members_15plus,
       CAST(members_15plus_with_return AS INTEGER) AS members_15plus_with_return,
       CAST(members_unlinked AS INTEGER) AS members_unlinked,
       CAST(CAST(scale_tenths AS DECIMAL(6, 0)) / 10 AS DECIMAL(6, 1)) AS equivalence_scale,
       CAST(taxable_income AS DECIMAL(14, 2)) AS taxable_income,
       -- Rounded to the cent, halves away from zero.
       CAST(taxable_income * 10 / CAST(scale_tenths AS DECIMAL(6, 0)) AS DECIMAL(14, 2)) AS equivalised_taxable_income,
       CAST(rent_eur_year AS DECIMAL(14, 2)) AS rent_eur_year
FROM seen
