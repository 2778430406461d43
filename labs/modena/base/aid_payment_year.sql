-- label.it: Erogazioni dell'anno, una per una
-- label.en: Payments of aid of the year, one by one
-- key: record
-- period: year

-- One row per payment, with the person it is written to: aid_year sums them by household and measure.
SELECT a.record, a.person, a.household, a.measure, a.amount, a.event_date, m.level,
       p.citizenship_group
FROM register.comune_aiuti AS a
LEFT JOIN codes.misure AS m ON m.code = a.measure
LEFT JOIN base.person_year AS p ON p.person = a.person
