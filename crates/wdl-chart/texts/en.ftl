# Words of charts and tables.
total = Total
unit-persons = persons
unit-households = registry households
unit-dwellings = dwellings
unit-acts = acts or applications
unit-share = per cent
unit-euro = euro
unit-ratio = ratio

gap-suppressed = suppressed
gap-suppressed-meaning = the figure rests on too few cases, or would let one that does be worked out: it is not published
gap-not-computable = not computable
gap-not-computable-meaning = there is no case, or the measure is not defined here
gap-not-collected = not collected
gap-not-collected-meaning = the source did not arrive for this period
gap-absent = not available
gap-absent-meaning = the table does not hold this value

period-range = { $first } – { $last }
axis-cut = The vertical axis does not start at zero.
band-95 = The light band is the 95% confidence interval.
line-total = The dashed line is the total.
whisker-95 = The small bar is the 95% confidence interval.
source-line = Data updated on { $date }. Version of the base: { $snapshot }.

alt-lines = Line chart, { $period }. { $population }.
alt-series = { $label }: from { $first } ({ $first_period }) to { $last } ({ $last_period }); highest { $high } ({ $high_period }), lowest { $low } ({ $low_period }).
alt-series-one = { $label }: { $first } ({ $first_period }), the only value.
alt-series-none = { $label }: no value can be published.
alt-dots = Dot chart by { $dimension }, { $period }. { $population }.
alt-dots-total = Total { $value }.
alt-dots-ends = The highest value is { $high } ({ $high_label }), the lowest { $low } ({ $low_label }).
alt-dots-none = No value can be published.
alt-gaps = { $form ->
    [one] One value is missing
   *[other] { $count } values are missing
} ({ $reasons }).

column-period = Period
column-value = Value
column-interval = 95% interval
column-coverage = Coverage
caption-series = { $title }: { $unit }, by period, { $period }
caption-over-time = { $title }: { $unit }, by period and { $dimension }, { $period }
caption-over-time-cut = { $title }: { $unit }, by { $dimension }, last { $shown } of { $count } periods (all are in the files to download)
caption-latest = { $title }: by { $dimension }, { $period }
caption-crossed = { $title }: { $unit }, by { $dimension } and { $other }, { $period }
