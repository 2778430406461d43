
# Words of the pictures of a linkage.
nothing-compared = No pair was compared.
at-cut = cut { $chance }
axis-weight = weight of the pair
axis-probability = probability that it is one person
axis-cut-weight = cut (weight)
axis-cut-probability = cut (probability)
times-for = { $times } times more common in one person
times-against = { $times } times more common in different persons
weight-range = { $from } to { $to }

weights-subtitle = How much each outcome of a comparison speaks for (right) or against (left) two records being of one person
weights-for = for
weights-against = against
weights-prior = Two records at random
weights-prior-chance = one person in { $chance } of pairs
weights-note = One point more doubles the odds; one point less halves them.
weights-caption = Weight of each outcome of the comparison, field by field
weights-alt = Two records taken at random begin at { $prior } (one person in { $chance } of pairs).
weights-alt-for = The heaviest for a link is “{ $field }: { $level }” ({ $weight }, an outcome { $times } times more common in one person).
weights-alt-against = The heaviest against is “{ $field }: { $level }” ({ $weight }, an outcome { $times } times more common in different persons).

chances-subtitle = How often each outcome occurs among records of one person and among records of different persons
chances-m = one person (m)
chances-u = different persons (u)
chances-note = The more the two bars differ, the more a field helps. Missing values do not count.
chances-caption = How often each outcome occurs among records of one person (m) and of different persons (u)
chances-alt-m = Among records of one person the field that agrees most often is “{ $high }” ({ $high_share }), least often “{ $low }” ({ $low_share }).
chances-alt-u = Among different persons “{ $high }” agrees by chance most often ({ $high_share }), “{ $low }” least often ({ $low_share }).

histogram-subtitle = Compared pairs by weight, on a logarithmic scale; below, what each cut lets through and what it loses
histogram-pairs = compared pairs
histogram-matches = of them, expected to be of one person
histogram-fdr = expected false links (FDR)
histogram-fnr = expected lost true pairs (FNR)
histogram-note = The bars are on a logarithmic scale: each line is ten times or more the line below. FDR and FNR are the model’s estimates.
histogram-caption = Pairs by weight, and the model’s estimates for a cut at the beginning of each range
histogram-alt = { $pairs } pairs compared, with weights from { $low } to { $high }; the model expects { $matches } of them to be of one person. { $above } pairs stand at or above the cut { $chance }: { $fdr } of them are expected to be false, and { $fnr } of the true ones to stay below.

waterfall-subtitle = From the weight of two records at random to the total of the pair, one field at a time; probability above, weight below
waterfall-for = for
waterfall-against = against
waterfall-rare = { $field }: rare value
waterfall-common = { $field }: common value
waterfall-total = Total of the pair
waterfall-note = A field with a missing value adds zero: it says nothing.
waterfall-caption = The weight of the pair, step by step
waterfall-alt-link = The pair is a link: weight { $total } (probability { $chance }), not below the cut { $cut }, beginning at { $prior }.
waterfall-alt-none = The pair is not a link: weight { $total } (probability { $chance }), below the cut { $cut }, beginning at { $prior }.
waterfall-alt-link-below = The pair is a link although its weight { $total } (probability { $chance }), beginning at { $prior }, is below the cut { $cut }: there is no other pair for these records.
waterfall-alt-none-above = The pair is not a link although its weight { $total } (probability { $chance }), beginning at { $prior }, is not below the cut { $cut }: one of the two records goes better with another.
waterfall-alt-for = The heaviest for is “{ $part }” ({ $weight }).
waterfall-alt-against = The heaviest against is “{ $part }” ({ $weight }).

blocking-subtitle = Pairs that each rule brings to be compared, on a logarithmic scale
blocking-new = new
blocking-old = found by an earlier rule already
blocking-total = All rules, each pair once
blocking-note = The scale is logarithmic: each vertical line is ten times or more the one at its left.
blocking-caption = Pairs by blocking rule
blocking-alt = { $form ->
    [one] One rule brings
   *[other] { $rules } rules bring
} { $pairs } pairs to be compared, of { $possible } possible ({ $share }). The one that adds most is “{ $most }”: { $most_new }.
blocking-alt-none = No blocking rule: all pairs are compared.

cut-subtitle = How precise and how complete the result is with each cut
cut-precision = precision
cut-recall = recall
cut-f1 = F1
cut-note = Precision: the part of the links that is right. Recall: the part of the true pairs that is linked. F1: their harmonic mean.
cut-caption = What each cut gives; the one nearest to the cut in use stands out
cut-alt = With the cut { $chance } precision is { $precision }, recall { $recall }, F1 { $f1 }. F1 is highest with the cut { $best }: { $best_f1 }.

unlinkables-subtitle = Part of the records that do not reach the cut even against themselves: they say too little
unlinkables-caption = Records that cannot be linked, by cut; the cut in use stands out
unlinkables-alt = With the cut { $chance } { $count } of { $whole } records ({ $share }) say too little: they do not reach the cut even against themselves.
unlinkables-alt-one = With the cut { $chance } one of { $whole } records ({ $share }) says too little: it does not reach the cut even against itself.
unlinkables-alt-none = With the cut { $chance } all { $whole } records say enough to be linked.

cluster-subtitle = The records of a cluster and the pairs that hold them together; wider lines, higher weights
cluster-kept = pair that holds
cluster-cut = pair that was cut
cluster-note = Each circle is a part that stays together.
cluster-too-many = { $count } records: too many to draw. The table has them.
cluster-caption = The pairs of the cluster
cluster-alt = { $records } records from { $sources_form ->
    [one] one source
   *[other] { $sources } sources
}, held together by { $edges_form ->
    [one] one pair (weight { $low })
   *[other] { $edges } pairs (weights from { $low } to { $high })
}. Nothing was cut.
cluster-alt-cut = { $records } records from { $sources_form ->
    [one] one source
   *[other] { $sources } sources
}, with { $edges_form ->
    [one] one pair (weight { $low })
   *[other] { $edges } pairs (weights from { $low } to { $high })
}; { $cuts_form ->
    [one] one was cut
   *[other] { $cuts } were cut
}, and the cluster falls into { $parts } parts.
cluster-alt-alone = No pair ties these records.

column-field = Field
column-outcome = Outcome of the comparison
column-weight = Weight
column-times = In words
column-m = One person (m)
column-u = Different persons (u)
column-weight-range = Weight
column-pairs = Pairs
column-expected = Expected true
column-fdr = Expected false from here up (FDR)
column-fnr = Expected true lost below (FNR)
column-step = Step
column-sum = Sum
column-probability = Probability
column-rule = Rule
column-new = New
column-old = Found already
column-left-out = Values that too many share, left out
column-cut = Cut
column-links = Links
column-true-links = Of them, expected right
column-precision = Precision
column-recall = Recall
column-f1 = F1
column-unlinkable = Records below the cut
column-share = Part
column-record = Record
column-source = Source
column-other-record = Other record
column-other-source = Other source
column-tie = State
tie-kept = holds
tie-cut = cut
