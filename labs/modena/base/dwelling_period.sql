-- label.it: Alloggi nell'ultimo giorno del trimestre
-- label.en: Dwellings on the last day of the quarter
-- key: dwelling
-- period: quarter

-- One row per dwelling, by its cadastral key.
-- Where two records of one dwelling hold at once, the one begun last is the state of the register; ties by the smaller record.
-- The contract is the one begun last among those that run on the last day: an older one that nobody closed was followed by it.
-- `contracts` says how many run, because rooms let one by one (students) would show only the last of their rents.
WITH dwellings AS (
  SELECT record, dwelling, rione, rooms, area_m2, tenure,
         row_number() OVER (PARTITION BY dwelling ORDER BY valid_from DESC, record) AS place
  FROM register.comune_alloggi
  WHERE valid_to IS NULL AND dwelling IS NOT NULL
),
running AS (
  SELECT contract, dwelling, tenant, contract_type, rent_eur_month, area_m2,
         row_number() OVER (PARTITION BY dwelling ORDER BY valid_from DESC, contract) AS place,
         count(*) OVER (PARTITION BY dwelling) AS contracts
  FROM register.comune_contratti_affitto
  WHERE valid_to IS NULL AND dwelling IS NOT NULL
)
SELECT d.dwelling, d.rione, q.quartiere, d.tenure, d.rooms,
       -- The rent is paid for the area in the contract; a dwelling that is not let has its cadastral area.
       coalesce(r.area_m2, d.area_m2) AS area_m2,
       d.area_m2 AS cadastral_area_m2,
       r.contract_type, r.rent_eur_month, r.tenant,
       CAST(coalesce(r.contracts, 0) AS INTEGER) AS contracts
FROM dwellings AS d
LEFT JOIN running AS r ON r.dwelling = d.dwelling AND r.place = 1
LEFT JOIN codes.rioni AS q ON q.code = d.rione
WHERE d.place = 1
