-- label.it: Chi poteva scegliere l'accompagnamento al lavoro: chi ha partecipato, com'era prima, quanti mesi ha lavorato dopo
-- label.en: Those who could choose the accompaniment to work: who joined, how they were before, how many months they worked after
-- key: person, year
-- period: year

-- One row per person and year of the measure up to this one, the years being those with a payment of it.
-- Who could join: registered as unemployed in the year, in an ISEE declaration of the year of 15,000 euro at most, 18 to 60 years old and in a family of the city on its 31 December.
-- A person in several declarations is in the last one filed. Joined: a payment of the measure in the year.
-- Aided before: aid of a municipal measure to the household in the year, whatever the month: people join in the autumn.
-- Still registered: the registration holds on 31 December.
-- Months worked: months with at least one day under an employment contract, as in `job_year`; those of the year after are null until it is over.
WITH years AS (
  SELECT DISTINCT CAST(date_part('year', event_date) AS INTEGER) AS year,
         make_date(CAST(date_part('year', event_date) AS INT), 1, 1) AS first_day,
         make_date(CAST(date_part('year', event_date) AS INT), 12, 31) AS last_day
  FROM history.comune_aiuti
  WHERE measure = 'accompagnamento_lavoro'
),
registered AS (
  SELECT u.person, y.year, y.first_day, y.last_day,
         max(CASE WHEN u.valid_to IS NULL OR u.valid_to > y.last_day THEN 1 ELSE 0 END) AS is_registered
  FROM register.agenzia_lavoro_disoccupazione AS u
  JOIN years AS y ON u.valid_from <= y.last_day AND (u.valid_to IS NULL OR u.valid_to > y.first_day)
  WHERE u.person IS NOT NULL
  GROUP BY u.person, y.year, y.first_day, y.last_day
),
declared AS (
  SELECT u.person, u.year, i.isee, i.members,
         row_number() OVER (PARTITION BY u.person, u.year ORDER BY i.event_date DESC, i.record) AS place
  FROM registered AS u
  JOIN history.comune_isee AS i ON i.person = u.person AND date_part('year', i.event_date) = u.year
),
positions AS (
  SELECT u.person, u.year, r.household, r.rione, r.sex, r.citizenship, r.household_kind,
         CAST(u.year - date_part('year', r.birth_month) AS INTEGER) AS age_years,
         row_number() OVER (PARTITION BY u.person, u.year ORDER BY r.valid_from DESC, r.record) AS place
  FROM registered AS u
  JOIN register.comune_residenti AS r
    ON r.person = u.person AND r.valid_from <= u.last_day AND (r.valid_to IS NULL OR r.valid_to > u.last_day)
),
eligible AS (
  SELECT u.person, u.year, u.is_registered, d.isee, d.members, p.household, p.rione, p.sex, p.citizenship, p.age_years
  FROM registered AS u
  JOIN declared AS d ON d.person = u.person AND d.year = u.year AND d.place = 1
  JOIN positions AS p ON p.person = u.person AND p.year = u.year AND p.place = 1
  WHERE d.isee <= 15000 AND p.age_years BETWEEN 18 AND 60 AND p.household_kind = 'F'
),
joined AS (
  SELECT DISTINCT person, CAST(date_part('year', event_date) AS INTEGER) AS year
  FROM history.comune_aiuti
  WHERE measure = 'accompagnamento_lavoro' AND person IS NOT NULL
),
aided AS (
  SELECT DISTINCT a.household, CAST(date_part('year', a.event_date) AS INTEGER) AS year
  FROM history.comune_aiuti AS a
  JOIN codes.misure AS m ON m.code = a.measure AND m.level = 'comunale'
  WHERE a.household IS NOT NULL
),
-- The year and the year after, each with its days.
spans AS (
  SELECT person, year, 0 AS later, make_date(CAST(year AS INT), 1, 1) AS first_day, make_date(CAST(year AS INT), 12, 31) AS last_day FROM eligible
  UNION ALL
  SELECT person, year, 1 AS later, make_date(CAST(year + 1 AS INT), 1, 1) AS first_day, make_date(CAST(year + 1 AS INT), 12, 31) AS last_day FROM eligible
),
spells AS (
  SELECT s.person, s.year, s.later,
         CASE WHEN j.valid_from < s.first_day THEN 1 ELSE CAST(date_part('month', j.valid_from) AS BIGINT) END AS first_month,
         CASE WHEN j.valid_to IS NULL OR j.valid_to > s.last_day THEN 12 ELSE CAST(date_part('month', j.valid_to - INTERVAL '1 day') AS BIGINT) END AS last_month
  FROM spans AS s
  JOIN register.agenzia_lavoro_rapporti_lavoro AS j
    ON j.person = s.person AND j.valid_from <= s.last_day
    AND (j.valid_to IS NULL OR (j.valid_to > s.first_day AND j.valid_to > j.valid_from))
),
-- The months of a contract as bits, so that months under several contracts count once.
worked AS (
  SELECT person, year, later, bit_or((CAST(1 AS BIGINT) << last_month) - (CAST(1 AS BIGINT) << (first_month - 1))) AS months
  FROM spells
  GROUP BY person, year, later
),
counted AS (
  SELECT person, year, later,
         CAST((months & 1) + ((months >> 1) & 1) + ((months >> 2) & 1) + ((months >> 3) & 1)
              + ((months >> 4) & 1) + ((months >> 5) & 1) + ((months >> 6) & 1) + ((months >> 7) & 1)
              + ((months >> 8) & 1) + ((months >> 9) & 1) + ((months >> 10) & 1) + ((months >> 11) & 1) AS INTEGER) AS months
  FROM worked
)
SELECT e.person, e.year,
       CAST(CASE WHEN j.person IS NULL THEN 0 ELSE 1 END AS INTEGER) AS joined,
       CAST(e.isee AS DECIMAL(14, 2)) AS isee,
       coalesce(b.months, 0) AS months_worked_before,
       CAST(CASE WHEN h.household IS NULL THEN 0 ELSE 1 END AS INTEGER) AS aided_before,
       CAST(e.is_registered AS INTEGER) AS still_registered,
       e.age_years, e.sex, g.citizenship_group, CAST(e.members AS INTEGER) AS isee_members, e.household, e.rione, q.quartiere,
       CASE WHEN e.year + 1 <= date_part('year', $last_day) THEN coalesce(a.months, 0) END AS months_worked_after
FROM eligible AS e
LEFT JOIN joined AS j ON j.person = e.person AND j.year = e.year
LEFT JOIN aided AS h ON h.household = e.household AND h.year = e.year
LEFT JOIN counted AS b ON b.person = e.person AND b.year = e.year AND b.later = 0
LEFT JOIN counted AS a ON a.person = e.person AND a.year = e.year AND a.later = 1
LEFT JOIN codes.rioni AS q ON q.code = e.rione
LEFT JOIN codes.cittadinanze AS g ON g.code = e.citizenship
