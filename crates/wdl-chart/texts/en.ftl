# Words of charts and tables.
total = Total
unit-persons = persons
unit-households = registry households
unit-dwellings = dwellings
unit-acts = acts or applications
unit-share = per cent
unit-euro = euro
unit-day = day
unit-days = days
unit-month = month
unit-months = months
unit-year = year
unit-years = years
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
interval-logarithm = The interval is worked out on the logarithm of the ratio, where twice and half are equally far from 1: that is why it is not symmetric.
by-dimension = by { $dimension }
source-line = Data updated on { $date }. Version of the base: { $snapshot }.

alt-lines = Line chart, { $period }. { $population }.
alt-series = { $label }: from { $first } ({ $first_period }) to { $last } ({ $last_period }); highest { $high } ({ $high_period }), lowest { $low } ({ $low_period }).
alt-series-one = { $label }: { $first } ({ $first_period }), the only value.
alt-series-none = { $label }: no value can be published.
alt-dots = Dot chart by { $dimension }, { $period }. { $population }.
alt-dots-total = Total { $value }.
alt-dots-ends = The highest value is { $high } ({ $high_label }), the lowest { $low } ({ $low_label }).
alt-dots-one = The only value that can be published is { $value } ({ $label }).
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
caption-latest = { $said ->
    [yes] { $title }, { $period }
   *[no] { $title }: by { $dimension }, { $period }
}
caption-crossed = { $title }: { $unit }, by { $dimension } and { $other }, { $period }

alt-map = Map by { $dimension }, { $period }. { $population }.
alt-heat = Shaded table by { $dimension } and { $other }, { $period }. { $population }.
classes-note = Each class includes its lower limit.
map-circles = The area of each circle is proportional to the number.
map-no-error = The shade does not say how uncertain the value is: the interval is in the table.
map-total = Total: { $value }.
map-off = Not on the map: { $label } ({ $value }).
map-unwritten = Where the value is not written in the area, it is in the table.
heat-shared = The shades mean the same in all cells; totals are not shaded.
alt-multiples = Small line charts, one for each { $dimension }, { $period }. { $population }. In the last period ({ $last }):
multiples-scale = All charts have the same scale.

alt-funnel = Funnel plot by { $dimension }, { $period }. { $population }. The total is { $total }. { $form ->
    [none] None of { $count } values lies outside the 99.8% limits of chance.
    [one] One of { $count } values lies outside the 99.8% limits of chance: { $names }.
   *[other] { $outside } of { $count } values lie outside the 99.8% limits of chance: { $names }.
}
funnel-total = The full line is the total, { $total }.
funnel-limits = Between the two dashed curves 95% of values would lie, between the two full ones 99.8%, if differences were chance alone.
funnel-width = The limits are { $width } times wider than those of independent cases, as the table’s standard errors are: those of one household share their lot.

alt-histogram = Histogram by { $dimension }, { $period }. { $population }.
alt-thresholds = Lines: { $lines }.
histogram-upward = { $unit } for every { $width } of width
histogram-area = The area of each bar is proportional to the number: classes differ in width.
histogram-open = The last class has no upper limit: it is drawn as wide as the one before.

alt-lorenz = Lorenz curve, { $period }. { $population }. The poorer half has { $half } of the total; twice the area between the curve and equality is { $area }.
lorenz-across = part of the population, from the poorest
lorenz-upward = part of the total
lorenz-half = The poorer half has { $half } of the total.
lorenz-equal = The dashed line is equality: each part of the population would have the same part of the total.
lorenz-groups = Inside each group all are taken as equal: the inequality shown is a little less than there is.

alt-flow = Course, { $period }. { $population }. { $stages }.
flow-passed = { $share } of the stage before
flow-note = Each stage is a part of the one above: widths are proportional to the numbers.
