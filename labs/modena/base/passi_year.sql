-- label.it: Tabelle PASSI dell'anno, come le dà l'AUSL
-- label.en: PASSI tables of the year, as the AUSL gives them
-- key: indicator, economic_difficulty
-- period: year

-- Aggregates of a survey of the whole province: no person stands behind a row, and nothing is linked to it.
SELECT indicator, economic_difficulty, interviews, share, ci_low, ci_high
FROM register.ausl_passi
