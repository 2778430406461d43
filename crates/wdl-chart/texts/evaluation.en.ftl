
# Words of the pictures of an evaluation.
effects-subtitle = Estimate (dot) and interval (line); the upright line is no effect
effects-note = The intervals cover the true value { $level } times in 100; an open circle is an estimate whose interval holds zero.
effects-caption = Estimates and intervals
effects-of = estimate of
effects-estimate = estimate
effects-low = from
effects-high = to
effects-no-interval = without an interval
effects-alt-one = { $label }: { $estimate } { $interval }.
effects-alt = Estimates with intervals of { $level } %. { $effects }
joint-subtitle = On the left the effect with its interval (the upright line is no effect), on the right the share of participants who speak of the theme
joint-note = The intervals cover the true value { $level } times in 100; an open circle is an estimate whose interval holds zero. The share speaks of those who took part and nobody else.
joint-caption = Effects and themes
joint-of = group
joint-share = share who speak of it
joint-verdict = together
joint-hidden = hidden
joint-nobody = nobody
joint-convergent = convergent
joint-divergent = divergent
joint-silent = silence
joint-alt-one = { $label }: effect { $estimate } { $interval }, share { $share }, { $verdict }.
joint-alt = Effects beside themes. { $pairs }
paths-of = point
paths-alt-one = { $label }: from { $from } ({ $first }) to { $to } ({ $last }).
paths-alt = { $upward }. { $paths }
