
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
paths-of = point
paths-alt-one = { $label }: from { $from } ({ $first }) to { $to } ({ $last }).
paths-alt = { $upward }. { $paths }
