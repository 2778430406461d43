-- label.it: Domande ammesse ai bandi del contributo affitto: punti sopra l'ultima finanziata, e che cosa è seguito
-- label.en: Applications admitted to the calls of the rent support: points above the last one funded, and what followed
-- key: application
-- period: year

-- One row per application admitted to a call of the year or of an earlier one: the ranking, without the applications that were excluded.
-- `distance`: points above those of the call's last application that was funded; the money reached everybody from zero upwards and nobody below.
-- What follows is told when its time is over, and reads as null before: aid of the Municipality in the year after the call, an eviction order in the two years after it.
-- An eviction notice here is an order issued (`emesso`), the first act of an eviction that the Municipality sees: against a member of the household, or about the dwelling it lives in that day.
-- The aid is that of the municipal measures written to the household.
-- What was before is as of 1 October of the call's year: who lived in the household, the rent of its dwelling, aid in the year before, orders in the two years before; the ISEE is the applicant's last of the year.
WITH calls AS (
  SELECT application, person, household, reference_year, outcome, amount_paid, score,
         make_date(CAST(reference_year AS INT), 10, 1) AS asked
  FROM history.comune_contributo_affitto
  WHERE outcome IN ('A', 'P')
),
cutoffs AS (
  SELECT reference_year, min(score) AS cutoff FROM calls WHERE outcome = 'P' GROUP BY reference_year
),
-- Every position of a household of the ranking, whenever it was.
lived AS (
  SELECT c.application, c.reference_year, c.asked, r.record, r.person, r.dwelling, r.rione, r.birth_month, r.relationship, r.valid_from, r.valid_to
  FROM calls AS c
  JOIN register.comune_residenti AS r ON r.household = c.household
),
present AS (
  SELECT application, asked, record, dwelling, rione, birth_month, relationship
  FROM lived
  WHERE valid_from <= asked AND (valid_to IS NULL OR valid_to > asked)
),
households AS (
  SELECT application, count(*) AS members,
         count(*) FILTER (WHERE birth_month > asked - INTERVAL '216' MONTH) AS minors
  FROM present
  GROUP BY application
),
homes AS (
  SELECT application, asked, dwelling, rione,
         row_number() OVER (PARTITION BY application ORDER BY CASE WHEN relationship = 'IS' THEN 0 ELSE 1 END, record) AS place
  FROM present
),
rents AS (
  SELECT h.application, l.rent_eur_month,
         row_number() OVER (PARTITION BY h.application ORDER BY l.valid_from DESC, l.contract) AS place
  FROM homes AS h
  JOIN register.comune_contratti_affitto AS l
    ON l.dwelling = h.dwelling AND l.valid_from <= h.asked AND (l.valid_to IS NULL OR l.valid_to > h.asked)
  WHERE h.place = 1
),
issued AS (
  SELECT person, dwelling, event_date FROM history.comune_sfratti WHERE kind = 'emesso'
),
struck AS (
  SELECT l.application, l.reference_year, l.asked, i.event_date
  FROM lived AS l
  JOIN issued AS i ON i.dwelling = l.dwelling AND i.event_date >= l.valid_from AND (l.valid_to IS NULL OR i.event_date < l.valid_to)
  UNION ALL
  SELECT l.application, l.reference_year, l.asked, i.event_date
  FROM lived AS l
  JOIN issued AS i ON i.person = l.person AND i.event_date >= l.valid_from AND (l.valid_to IS NULL OR i.event_date < l.valid_to)
),
orders AS (
  SELECT application,
         max(CASE WHEN date_part('year', event_date) IN (reference_year + 1, reference_year + 2) THEN 1 ELSE 0 END) AS after,
         max(CASE WHEN event_date < asked AND event_date >= asked - INTERVAL '24' MONTH THEN 1 ELSE 0 END) AS before
  FROM struck
  GROUP BY application
),
paid AS (
  SELECT c.application,
         sum(a.amount) FILTER (WHERE date_part('year', a.event_date) = c.reference_year + 1) AS after,
         sum(a.amount) FILTER (WHERE date_part('year', a.event_date) = c.reference_year - 1) AS before
  FROM calls AS c
  JOIN history.comune_aiuti AS a ON a.household = c.household
  JOIN codes.misure AS m ON m.code = a.measure AND m.level = 'comunale'
  GROUP BY c.application
),
declared AS (
  SELECT c.application, i.isee,
         row_number() OVER (PARTITION BY c.application ORDER BY i.event_date DESC, i.record) AS place
  FROM calls AS c
  JOIN history.comune_isee AS i ON i.person = c.person AND date_part('year', i.event_date) = c.reference_year
),
known AS (
  SELECT c.application, r.citizenship,
         row_number() OVER (PARTITION BY c.application ORDER BY r.valid_from DESC, r.record) AS place
  FROM calls AS c
  JOIN register.comune_residenti AS r ON r.person = c.person AND r.valid_from <= c.asked
)
SELECT c.application, c.person, c.household, c.reference_year,
       CAST(c.score AS DECIMAL(9, 3)) AS score,
       CAST(c.score - u.cutoff AS DECIMAL(9, 3)) AS distance,
       CAST(CASE WHEN c.outcome = 'P' THEN 1 ELSE 0 END AS INTEGER) AS funded,
       c.amount_paid,
       CAST(CASE WHEN c.reference_year + 2 <= date_part('year', $last_day) THEN coalesce(o.after, 0) END AS INTEGER) AS eviction_notice,
       CAST(CASE WHEN c.reference_year + 1 <= date_part('year', $last_day) THEN coalesce(p.after, 0) END AS DECIMAL(14, 2)) AS aid_after,
       CAST(n.members AS INTEGER) AS members,
       CAST(n.minors AS INTEGER) AS minors,
       h.rione, q.quartiere, g.citizenship_group,
       d.isee, r.rent_eur_month,
       CAST(coalesce(p.before, 0) AS DECIMAL(14, 2)) AS aid_before,
       CAST(coalesce(o.before, 0) AS INTEGER) AS eviction_notice_before
FROM calls AS c
LEFT JOIN cutoffs AS u ON u.reference_year = c.reference_year
LEFT JOIN households AS n ON n.application = c.application
LEFT JOIN homes AS h ON h.application = c.application AND h.place = 1
LEFT JOIN codes.rioni AS q ON q.code = h.rione
LEFT JOIN rents AS r ON r.application = c.application AND r.place = 1
LEFT JOIN orders AS o ON o.application = c.application
LEFT JOIN paid AS p ON p.application = c.application
LEFT JOIN declared AS d ON d.application = c.application AND d.place = 1
LEFT JOIN known AS k ON k.application = c.application AND k.place = 1
LEFT JOIN codes.cittadinanze AS g ON g.code = k.citizenship
