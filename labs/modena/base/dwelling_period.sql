-- label.it: Alloggi nell'ultimo giorno del trimestre
-- label.en: Dwellings on the last day of the quarter
-- key: dwelling
-- period: quarter

-- One row per dwelling, by its cadastral key.
-- Where two records of one dwelling hold at once, the one begun last is the state of the register; ties by the smaller record.
-- The contract is the one begun last among those that run on the last day: an older one that nobody closed was followed by it.
-- `rented_since` is the day that contract began.
-- `contracts` says how many run, because rooms let one by one (students) would show only the last of their rents.
WITH standing AS (
  SELECT record, dwelling, rione, rooms, area_m2, tenure, valid_from
  FROM register.comune_alloggi
  WHERE valid_to IS NULL AND dwelling IS NOT NULL
),
running AS (
  SELECT contract, dwelling, tenant, contract_type, rent_eur_month, area_m2, valid_from
  FROM register.comune_contratti_affitto
  WHERE valid_to IS NULL AND dwelling IS NOT NULL
),
-- Ranks are made for the few repeated dwellings only: ranking them all each quarter would be a sort of the city.
standing_twice AS (
  SELECT dwelling FROM standing GROUP BY dwelling HAVING count(*) > 1
),
standing_ranked AS (
  SELECT s.record, row_number() OVER (PARTITION BY s.dwelling ORDER BY s.valid_from DESC, s.record) AS place
  FROM standing AS s
  JOIN standing_twice AS t ON t.dwelling = s.dwelling
),
running_twice AS (
  SELECT dwelling, count(*) AS contracts FROM running GROUP BY dwelling HAVING count(*) > 1
),
running_ranked AS (
  SELECT r.contract, t.contracts,
         row_number() OVER (PARTITION BY r.dwelling ORDER BY r.valid_from DESC, r.contract) AS place
  FROM running AS r
  JOIN running_twice AS t ON t.dwelling = r.dwelling
),
rented AS (
  SELECT r.dwelling, r.tenant, r.contract_type, r.rent_eur_month, r.area_m2, r.valid_from, coalesce(k.contracts, 1) AS contracts
  FROM running AS r
  LEFT JOIN running_ranked AS k ON k.contract = r.contract
  WHERE k.place IS NULL OR k.place = 1
)
SELECT d.dwelling, d.rione, q.quartiere, d.tenure, d.rooms,
       -- The rent is paid for the area in the contract; a dwelling that is not let has its cadastral area.
       coalesce(r.area_m2, d.area_m2) AS area_m2,
       d.area_m2 AS cadastral_area_m2,
       r.contract_type, r.rent_eur_month, r.valid_from AS rented_since, r.tenant,
       CAST(coalesce(r.contracts, 0) AS INTEGER) AS contracts
FROM standing AS d
LEFT JOIN standing_ranked AS k ON k.record = d.record
LEFT JOIN rented AS r ON r.dwelling = d.dwelling
LEFT JOIN codes.rioni AS q ON q.code = d.rione
WHERE k.place IS NULL OR k.place = 1
