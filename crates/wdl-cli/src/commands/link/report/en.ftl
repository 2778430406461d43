# Words of the report of a linkage.
skip = Skip to content
brand = Record linkage: report
summary = In short
attention = What to look at
see = See
toc = Parts of the report
numbers = The numbers
command = Command
model-text = Model
foot = The report holds no values of records: only counts, names of columns and, in the examples of pairs, ids of records. Estimates are the model’s; where true pairs are known, the measure stands beside the estimate.

title-link = { $links ->
    [zero] No link between “{ $a }” and “{ $b }”
    [one] One link between “{ $a }” and “{ $b }”
   *[other] { $count } links between “{ $a }” and “{ $b }”
}
title-dedupe = { $links ->
    [zero] No duplicate in “{ $a }”
    [one] One pair of duplicates in “{ $a }”
   *[other] { $count } pairs of duplicates in “{ $a }”
}
title-many = { $links ->
    [zero] No link between { $sources } sources
    [one] One link between { $sources } sources
   *[other] { $count } links between { $sources } sources
}
source-records = “{ $name }” ({ $form ->
    [one] one record
   *[other] { $count } records
})
lead-records = Records of one person were looked for in { $sources }. { $form ->
    [zero] None was found.
    [one] There is one cluster, of { $records } records.
   *[other] There are { $clusters } clusters, of { $records } records in all.
}
lead-sure = How sure: the model expects { $precision } of the links to be right and { $recall } of the true pairs to be found. In numbers: wrong links, { $wrong }; true pairs not found, { $lost }.
lead-measured = Measured on the known pairs ({ $pairs }): { $precision } of the links are right, { $recall } of the pairs are found.
less-than-one = less than 1
about = about { $count }
tile-records = records read
tile-links = links
tile-precision = right, estimated (precision)
tile-recall = found, estimated (recall)

point-unsure = { $form ->
    [one] One pair is uncertain
   *[other] { $count } pairs are uncertain
} (probability between { $low } and { $high }): a person should review them.
point-sure = No pair is uncertain (probability between { $low } and { $high }).
point-repairs = { $form ->
    [one] One cluster broke a rule and was divided.
   *[other] { $count } clusters broke a rule and were divided.
}
point-unlinkable = { $form ->
    [one] One of { $whole } records says too little
   *[other] { $count } of { $whole } records say too little
} to be linked: they need fuller data, not another cut.
point-blocking = The blocking rules leave out about { $share } of the true pairs: one more rule may find them.
point-useless-rule = { $form ->
    [one] One blocking rule adds
   *[other] { $count } blocking rules add
} no pair: { $form ->
    [one] it
   *[other] they
} can be left out.
point-left-out = { $form ->
    [one] One key that too many records share was
   *[other] { $count } keys that too many records share were
} left out: records that have nothing else in common were not compared.
point-group = Group “{ $group }”: the result is worse than over all: precision { $precision }, recall { $recall }.
point-weak-field = “{ $field }” tells little apart: even when it agrees it moves the weight by less than half a point.
point-no-link = No pair reaches the cut: either the records are of different persons, or the columns in common are not enough.

section-trust = How far to trust it
section-weights = The weights of the pairs
section-fields = What counts in the comparison
section-blocking = Which pairs are compared
section-unlinkable = Records that say too little
section-clusters = Clusters
section-examples = Three pairs up close
section-review = Clerical review
section-model = The model

trust-words = A pair is a link when the probability that it is one person reaches { $cut } (weight { $weight }). With a higher cut there are fewer wrong links, and fewer links found.
trust-caption = How right and how complete the result is
trust-corner = Measure
trust-estimated = The model’s estimate
trust-measured = Measured on known pairs
trust-precision = Precision: the part of the links that is right
trust-recall = Recall: the part of the true pairs that is found
trust-f1 = F1: the harmonic mean of both
trust-compared = Part of the true pairs that is compared
trust-matches = True pairs in all
groups-caption = Estimates by group of records
groups-corner = Group
groups-records = Records
groups-linked = Linked
groups-precision = Estimated precision
groups-recall = Estimated recall
groups-unlinkable = Say too little
cut-title = F1 is highest with the cut { $best }; the cut in use is { $cut }
cut-title-good = The cut in use is among the best: no other raises F1 by more than a thousandth
cut-words = The picture counts all pairs from a cut upwards; the table above counts the decided links, in which a record goes with one other only where the source has no duplicates, and the pairs that clusters imply are among them.

weights-title = { $form ->
    [zero] No pair is uncertain
    [one] One uncertain pair of { $pairs } compared
   *[other] { $count } uncertain pairs of { $pairs } compared
}
weights-words = The weight of a pair sums up all comparisons, after calibration, and takes into account what else its two records could go with: above zero one person is more likely, below zero different persons.

fields-title = “{ $field }” convinces most
fields-title-none = No field was compared
chances-title = What agrees by chance: above all “{ $field }”

blocking-title = { $share } of the possible pairs are compared
blocking-words = Not all pairs are compared: only those that have something in common by at least one rule. The model expects { $recall } of the true pairs to be compared so.

unlinkable-title = { $form ->
    [zero] All records say enough
    [one] One of { $whole } records says too little
   *[other] { $count } of { $whole } records say too little
}

unlinkable-sample = There are many records: { $count } of them were looked at, one in so many.

clusters-caption = Clusters by number of records
clusters-corner = Records in the cluster
clusters-count = Clusters
clusters-records = Records in all
clusters-none = No cluster has more than one record.
cluster-title = { $form ->
    [zero] A cluster of { $count } records
   *[other] A cluster of { $count } records that was divided
}
names-caption = Names and clusters (a record without links is a cluster by itself)
names-corner = What is seen
names-share = Part
names-homonymous = A name in common with another cluster: two persons of one name, or a missed link
names-varied = More than one name in one cluster: variants, or two persons joined by mistake
repairs-none = No cluster had to be divided.
repairs-caption = Divided clusters, by rule
repairs-corner = Broken rule
repairs-clusters = Clusters
repairs-cut = Pairs cut

examples-words = The weight of a pair begins at that of two records at random and changes field by field. These are the only ids of records in the report.
example-usual = A link like most others: { $a } – { $b }
example-last-in = The link nearest to the cut: { $a } – { $b }
example-first-out = The pair nearest to the cut that stayed out: { $a } – { $b }

pair-link = The two records are linked
pair-no-link = The two records are not linked
step-together = together
step-together-why = what the fields say with one another (people of one house, people who moved)
step-calibration = calibration
step-calibration-why = correction by pairs known to be of different persons

review-words = A review says how right the estimates are. It is done on the outcomes of the comparisons, never on values: who reviews need not see names or dates.
review-step-1 = Prepare the sheets: a sample of pairs of every weight, shuffled, in two copies for two persons.
review-step-2 = Each person marks alone whether it is one person, whether it is not, or whether it cannot be told.
review-step-3 = Read both sheets back: they give precision and recall with their interval, and how far the two persons agree (kappa).

columns-caption = The columns and what they were taken for
columns-corner = Column
columns-kind = Kind
columns-why = Why
columns-missing = Without a value
columns-distinct = Different values
model-words = The whole model as it was used: saved to a file, it can be used again with --model.
