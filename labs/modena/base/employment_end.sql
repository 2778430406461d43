-- label.it: Rapporti di lavoro finiti nel trimestre
-- label.en: Employment contracts that ended in the quarter
-- key: contract
-- period: quarter

-- A flow: contracts whose day of end lies in the quarter, whatever the reason.
SELECT contract, person, contract_type AS employment_type, hours, sector, valid_from AS started, valid_to AS ended,
       CAST(valid_to - valid_from AS INTEGER) AS days_worked
FROM register.agenzia_lavoro_rapporti_lavoro
WHERE valid_to BETWEEN $first_day AND $last_day
