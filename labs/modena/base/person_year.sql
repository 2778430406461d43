-- label.it: Persone residenti al 31 dicembre, con il reddito imponibile dell'anno
-- label.en: Persons resident on 31 December, with the year's taxable income
-- key: record
-- period: year

-- The state on 31 December is that of the year's last quarter.
-- Incomes come from the tax extract: filers only, and nothing that is exempt. No return reads as null, never as zero.
-- Two returns of one person for one year are the same return sent again or its correction: the larger is kept, of equals the smaller record; adding them up would count an income twice.
WITH ranked AS (
  SELECT person, taxable_income, employment_income, pension_income, self_employment_income, property_income,
         row_number() OVER (PARTITION BY person ORDER BY taxable_income DESC NULLS LAST, record) AS place
  FROM register.comune_redditi
  WHERE person IS NOT NULL
)
SELECT p.record, p.person, p.household, p.dwelling, p.rione, p.quartiere, p.sex, p.age_years,
       p.citizenship, p.citizenship_group, p.relationship, p.household_kind,
       r.person IS NOT NULL AS has_return,
       r.taxable_income, r.employment_income, r.pension_income, r.self_employment_income, r.property_income
FROM base.person_period AS p
LEFT JOIN ranked AS r ON r.person = p.person AND r.place = 1
