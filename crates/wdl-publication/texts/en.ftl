# Words of the public site.

# Navigation
skip = Skip to content
notice-label = Notice about the data
languages-label = Languages
language-name = English
menu-label = Main menu
crumbs-label = You are here
foot-label = Footer
aside-label = In short
toc-label = On this page
nav-home = Home
nav-data = Data to download
nav-acts = What is done with the data
nav-how-to-read = How to read the data
nav-accessibility = Accessibility
foot-contact = For questions and reports:
foot-licence = The data may be reused under the licence
foot-plain = This site uses no cookies, runs no program in the browser and asks nothing of other sites.
accessibility-contact = To report an obstacle or ask for a content in another form:

# Sentences on the data
finding-none = figure not yet published
finding-title-none = { $title }: no figure can be published.
finding = { $title }: { $value }{ $about } { $when }.
finding-rest = { $when }{ $about }.
finding-hidden = { $title }: the figure for { $period } { $gap ->
    [suppressed] is suppressed
    [not-computable] cannot be computed
   *[other] was not collected
}.
last-shown = The last figure published was { $value }{ $about }, { $when }.
last-none = No period has a figure that can be published.
spread-ends-finding = { $title }: from { $low } ({ $low_label }) to { $high } ({ $high_label }) { $when }.
spread-ends-rest = { $when }: lowest for “{ $low_label }”, highest for “{ $high_label }”.
spread-same-finding = { $title }: { $low } for every group published, { $when }.
spread-same-rest = { $when }, the same for every group published.
spread-one-finding = { $title }: { $low } for “{ $low_label }”, the only group published, { $when }.
spread-one-rest = { $when } for “{ $low_label }”, the only group published.
spread-when-one = for “{ $label }”, { $period }
spread-when = by { $dimension }, { $period }
finding-about = { " " }(about { $words })
finding-newer = For { $period } the figure { $gap ->
    [suppressed] is suppressed
    [not-computable] cannot be computed
   *[other] was not collected
}.
when = in { $period }
one-in = { $some } in { $of }
change-none = A year earlier it was the same: { $before }.
change-up-points = A year earlier it was { $before }: { $diff } percentage points more.
change-down-points = A year earlier it was { $before }: { $diff } percentage points less.
change-up = A year earlier it was { $before }: { $diff } more ({ $percent }).
change-down = A year earlier it was { $before }: { $diff } less ({ $percent }).
change-unknown = It cannot be compared with { $period }: the figure { $gap ->
    [suppressed] is suppressed
    [not-computable] cannot be computed
   *[other] was not collected
}.
change-uncertain = The difference lies within the uncertainty of the measure.
changed-at-most = The number is changed a little for confidentiality: it is at most { $away } from the truth.
changed-by-chance = The number has random noise for confidentiality: at least 95 times in 100 it is no more than { $away } from the truth.
changed-value = about { $value }
period-range = { $first } – { $last }
figure-series-title = { $title }: { $value } { $when }
figure-ends-title = { $said ->
    [yes] { $title }
   *[no] { $title } by { $dimension }
}: from { $low } ({ $low_label }) to { $high } ({ $high_label })
figure-ends-uncertain-title = { $said ->
    [yes] { $title }
   *[no] { $title } by { $dimension }
}: between { $low } ({ $low_label }) and { $high } ({ $high_label }), a difference within uncertainty
figure-by-title = { $said ->
    [yes] { $title }, { $period }
   *[no] { $title } by { $dimension }, { $period }
}
figure-history-title = { $said ->
    [yes] { $title }, { $first } – { $last }
   *[no] { $title } by { $dimension }, { $first } – { $last }
}
figure-too-deep = The table crosses too many dimensions to stand on a page: it is in the files to download.
figure-changed-title = { $title } (numbers changed for confidentiality)
block-more = { $title }: definition, tables and files

# Files
csv-period = Period
total-word = Total
measure-label = Measure
measure-standard-error = Standard error
measure-n-with = Cases with the property
measure-coverage = Coverage
files-title = Download these data
file-csv = CSV
file-csv-it = CSV for Italian Excel
file-json-stat = JSON-stat 2.0
file-svg = SVG chart
file-map = SVG map
file-lineage = Lineage (JSON)
file-rules = Rules applied (JSON, signed)

# Home page
home-dated = Data brought up to date on { $date }.
home-articles = In depth
home-theme-more = { $count } more figures
home-acts = Every delivery, computation, review and publication leaves a signed trace in a record that anyone can verify.
home-acts-more = Read who did what, and what was refused
home-more = To understand and to reuse
home-how-to-read = what a suppressed figure means, what an interval is, which year incomes belong to
home-data = every table in CSV and JSON-stat, no registration
home-returns = what the deliveries of each body made possible
home-bodies = Members:

# Theme
theme-indicators = The figures
theme-others = The other figures

# Indicator
indicator-over-time = Over time
indicator-by = By { $dimension }
indicator-history = All periods ({ $count })
indicator-facts = What it measures and how to read it
indicator-origin = Where it comes from
fact-population = Who it is about
fact-period = Period described
fact-date = Data up to date on
fact-hidden-short = Suppressed figures
fact-changed = Numbers changed for confidentiality
fact-definition = Definition
fact-source = Source of the definition
fact-base = What it rests on
fact-coverage = What is seen and what is not
fact-uncertainty = Uncertainty
fact-hidden = Suppressed or missing figures
fact-observable = Where it is observed
period-years = { $range }, whole years. For incomes it is the year they were received in, not the year they were declared in.
period-quarters = { $range }, quarters. States are those of the last day; events are those that happened in the period.
observable-register = administrative registers of the bodies
observable-survey = sample survey
observable-simulation = simulation of rules
observable-none = not observable with the lab’s data
hidden-none-short = none
hidden-some-short = { $count } of { $cells }
changed-at-most-short = all, each by { $away } at most
changed-by-chance-short = all, with random noise
hidden-none = No figure is suppressed.
hidden-some = { $form ->
    [one] One cell of { $cells } is suppressed
   *[other] { $count } cells of { $cells } are suppressed
}, so that nobody can be recognised: the cell rests on too few cases (or on all those of a group), or would let another one be worked out by subtraction.
hidden-not-computable = { $form ->
    [one] One cell is not computable: there is no case or the measure is not defined.
   *[other] { $count } cells are not computable: there is no case or the measure is not defined.
}
hidden-not-collected = { $form ->
    [one] One cell is missing because the source did not arrive for that period.
   *[other] { $count } cells are missing because the source did not arrive for those periods.
}
origin-method = Method and version
origin-code = Version of the program
origin-definition = Digest of the definition
origin-snapshot = Version of the base
origin-tables = Tables of the base read
origin-deliveries = Deliveries
origin-deliveries-count = { $form ->
    [one] one delivery of the bodies
   *[other] { $count } deliveries of the bodies
} (the list is in the lineage file)
releases-caption = Who asked for the publication and who allowed it
release-id = Release
release-asked = Asked by
release-reviews = Reviewed by
release-day = Released on
release-entry = Entry of the record
trace-title = From a number back to the deliveries
trace-words = Every published cell has an address. With the lab’s program, even offline, one can go from the cell back to the deliveries, to the versions of contracts and program, and to who approved:
trace-form = The address of each cell is in the column “cell” of the CSV files; its form is
trace-breakdown = table
trace-period = period
trace-categories = categories

# Data
data-lead = Every published table, in open formats. Files in the other language are on the pages in that language.
data-cells = cells
data-changed = numbers changed for confidentiality
data-whole = Everything together
data-file-acts = every entry of the record
data-file-ledger = the signed record, as the lab writes it
data-file-index = the list of all files, with release, version of the base and digest of each
data-fields = The columns of the CSV files
data-fields-words = The CSV files follow RFC 4180: comma between fields, decimal point, UTF-8. The version for Italian Excel uses semicolons and decimal commas. For each dimension there are the code and the names in both languages; “_T” is the total. Shares are fractions of one.
field-indicator = the indicator
field-period = the period described: year (2024) or quarter (2026-Q3)
field-value = the value; empty when there is none
field-standard-error = the standard error, where one makes sense
field-n = the cases it rests on
field-n-with = for shares: the cases with the property
field-coverage = the part of the population that the sources see
field-status = value, suppressed, not_computable, not_collected
field-protection = only where numbers are changed instead of suppressing small ones: controlled_rounding (rounded), cell_keys (shifted a little), differential_privacy (with random noise)
field-distance-max = only there: how far the value is from the truth at most; empty where chance alone bounds it, and then the standard error tells
field-unit = the unit
field-release = the release the table left with
field-snapshot = the version of the base
field-cell = the address of the cell, to follow it back to the deliveries

# What is done with the data
acts-title = What is done with the data
acts-lead = The bodies deliver pseudonymised data to the lab. Here one reads what arrived, what was done with it, who allowed it and what was refused.
acts-people = The lab cannot name people: names and tax codes stay with the bodies. Only tables leave, after two people other than their author have reviewed them. No decision about a single person can come from here.
acts-who = What arrived
acts-none = Nothing yet.
acts-uses = What left, and who allowed it
acts-uses-words = Each release is asked for by one person and reviewed by two others. Only what was released is on this site.
acts-refusals = What was refused
acts-refusals-words = A refusal leaves an entry in the record too. The code says why.
acts-no-refusals = No refusals.
acts-all = The record
acts-all-words = The record is a chain: each entry holds the digest of the one before, so that none can be changed or removed unseen. The file with every entry:
acts-ledger-words = The signed record itself:
acts-shown = The entries of the record, newest first ({ $shown } of { $count })
acts-checkpoint = How to verify
acts-checkpoint-words = Whoever keeps this checkpoint can verify later that the record was neither shortened nor rewritten, with the command “wdl audit verify”.
checkpoint-words = The checkpoint covers { $count } entries, up to { $time }.
checkpoint-root = Digest
checkpoint-signature = Signature
checkpoint-key = Key
checkpoint-none = No checkpoint published yet.
datasets-caption = Accepted deliveries, by dataset
dataset-name = Dataset
dataset-body = Body
dataset-deliveries = Deliveries
dataset-newest = Newest period
dataset-rows = Rows, about
dataset-last = Last arrival
refusals-caption = Entries with a refusal, newest first
use-asked = Asked by:
use-reviewed = Reviewed by:
use-released = Released on
tally-deliveries = { $form ->
    [one] delivery accepted
   *[other] deliveries accepted
}
tally-builds = { $form ->
    [one] version of the base
   *[other] versions of the base
}
tally-releases = { $form ->
    [one] release
   *[other] releases
}
tally-refusals = { $form ->
    [one] refusal
   *[other] refusals
}
act-sequence = Entry
act-time = When (UTC)
act-words = What
act-actor = Who
act-outcome = Outcome
act-entry = Digest
act-done = done
act-refused = refused ({ $code })
act-lab = The lab begins, under its agreement
act-received = Delivery of { $body }: { $dataset }, { $period }, about { $rows } rows
act-offered = Delivery offered: { $known }
act-offered-unknown = Delivery offered, of unrecognised origin
act-study-plan = The design of study { $study } was read, without its outcome
act-study-register = Study { $study } was registered, before its outcome was read
act-study-run = Study { $study } was run
act-study-run-before = Study { $study } was run without being registered first
act-request-none = Request for release
act-review-none = Sealed vote on release { $release }
act-vote-opened = Vote on release { $release } opened
act-noise-paid = Noise drawn for the population { $population }: of its budget ε = { $spent } is spent in all
act-drafts-read = Read inside the lab, tables that were not released and had passed disclosure control
act-transcript-kept = Sealed transcript { $transcript }
act-transcript-read = Read inside the lab, transcript { $transcript }
act-transcript-destroyed = Destroyed transcript { $transcript }, its consent withdrawn
act-transcript-none = Act on a transcript
act-verified = Record verified
act-build = Built version { $snapshot } of the base
act-doubt-same = Decided on doubt { $doubt } of the linkage: one person
act-doubt-different = Decided on doubt { $doubt } of the linkage: different people
act-doubt-none = Decision on doubt { $doubt } of the linkage
act-doubt-unknown = Decision on a doubt of the linkage
act-build-none = Build of the base
act-request = Release { $release } asked for
act-review-yes = Votes in favour of release { $release }, the last of them opened
act-review-no = Votes against release { $release }, the last of them opened
act-release = Release { $release }
act-withdrawal = Withdrawal of release { $release }
withdrawn-told = This figure was withdrawn on { $date }: it is published no more (release { $release }).
withdrawn-why = Why: { $reason }
act-certified = Keys certified for { $days } days: { $bodies }
act-publication = Site published

# What comes back to the bodies
nav-bodies = What the bodies get back
bodies-lead = Every body delivers data and gets back knowledge that it would not have alone. For each: the indicators that rest on its deliveries, and what became of the rows.
body-title = What your body gets back: { $body }
body-lead = { $form ->
    [one] One delivery
   *[other] { $deliveries } deliveries
} of { $datasets_form ->
    [one] one dataset
   *[other] { $datasets } datasets
}: { $indicators_form ->
    [one] one indicator
   *[other] { $indicators } indicators
} of the { $published } published on this site { $indicators_form ->
    [one] rests
   *[other] rest
} on these data.
body-lead-unused = { $form ->
    [one] One delivery
   *[other] { $deliveries } deliveries
} of { $datasets_form ->
    [one] one dataset
   *[other] { $datasets } datasets
}: none of the { $published } indicators published on this site rests on these data yet.
body-lead-none = { $body } delivers no data of its own to the lab: what it did stands in the record of acts.
body-returned = The indicators that your data made possible
body-returned-words = The list is not written by hand: it comes from the provenance of every published table, which names the deliveries it was made from.
body-rests-on = From your datasets: { $names }.
body-with = Together with the data of: { $names }.
body-deliveries = What came from you
body-deliveries-words = The deliveries accepted from { $first } to { $last }. A quarter without a delivery is normal for datasets that change once a year.
body-quarters = Quarters with a delivery
body-quarters-all = { $came } of { $all }
body-quarters-some = { $came } of { $all } (missing: { $missed })
body-indicators = Indicators
body-rejected = Rows rejected
body-without-person = Rows without a person
body-share-none = none
body-share-little = under 0.1%
body-rows-words = Rows are counted to the nearest ten, as in the public record. A row without a person has no valid tax code: it stays in the counts, and the linkage gives it to a person where it can.
body-refused = { $form ->
    [one] One delivery was refused: the reason is in the record.
   *[other] { $count } deliveries were refused: the reasons are in the record.
}
body-work = What your offices did
body-builds = { $form ->
    [one] They built one version of the base.
   *[other] They built { $count } versions of the base.
}
body-reviews = { $form ->
    [one] They examined one request for release.
   *[other] They examined { $count } requests for release.
}
body-releases = { $form ->
    [one] They carried out one release.
   *[other] They carried out { $count } releases.
}
body-acts = every delivery, review and refusal, with its signature
origin-bodies = Bodies that made it possible

# Evaluations
nav-studies = Evaluations
studies-lead = What measures change, and for whom: every evaluation states its question, data and method before results are read.
study-mark = Outcome read before registration: question and method were not stated when the results were seen.
study-draft = A draft of the lab: the numbers have passed disclosure control, but leave only by release.
study-finding = Effect on “{ $outcome }”: { $estimate } ({ $percent } % interval: { $low } to { $high }).
study-finding-point = Effect on “{ $outcome }”: { $estimate }, without an interval: how sure it is cannot be said.
study-finding-hidden = The effect is not published: it rests on too few cases.
study-finding-none = The data allow no estimate.
study-verdict-good = The measure seems to make things better: without an effect, such data would be rare.
study-verdict-bad = The measure seems to make things worse: without an effect, such data would be rare.
study-verdict-more = The measure seems to raise the outcome: without an effect, such data would be rare.
study-verdict-less = The measure seems to lower the outcome: without an effect, such data would be rare.
study-verdict-open = Whether the measure changes anything cannot be said: the interval holds zero.
study-sure = How sure it is
study-whom = For whom
study-cost = What it costs
study-how = How we know
study-limits = What we do not know
study-registered = Question, data and method were registered on { $date }, before the outcome was read.
study-checks-one = The test that could prove the design wrong does not.
study-checks-none = None of the { $count } tests that could prove the design wrong does.
study-checks-some = { $form ->
    [one] One test of { $count } speaks
   *[other] { $against } tests of { $count } speak
} against the design: the result must be read with care.
study-checks-missing = { $form ->
    [one] One test of the design could not be made
   *[other] { $count } tests of the design could not be made
}.
study-times-hidden = Times that are missing are not published, or cannot be estimated: they rest on too few cases.
study-ways-one = Another way of estimating gives an effect in the same direction: { $low }.
study-ways-one-other = Another way of estimating gives an effect in the opposite direction: { $low }.
study-ways-all = The other { $count } ways of estimating give an effect in the same direction: { $low } to { $high }.
study-ways-some = { $alike } of the other { $count } ways of estimating give an effect in the same direction: they go from { $low } to { $high }.
study-power = The design would probably see ({ $percent } times in a hundred) effects from { $effect } on: smaller ones could be missed.
study-power-kept = The interval is { $times } times as wide as promised: effects from about { $effect } on would have been seen.
study-power-far = Far from what was promised: the interval is { $times } times as wide as that of the design, and only effects from about { $effect } on would have been seen.
study-false-alarms = Without any effect this design would find one { $percent } times in a hundred, not { $stated }: a result just beyond its uncertainty says little.
study-few = { $run }: these estimates rest on few units: { $rows }.
study-few-tables = Tables with rows that rest on few units stay in the lab: { $tables }.
study-deviations-short = { $form ->
    [one] One thing has changed
   *[other] { $count } things have changed
} since registration: they are listed at the end.
study-between = { $estimate } ({ $low } to { $high })
study-run-hidden = not published: too few cases
study-run-none = not enough data
study-cost-each = The measure costs about { $cost } for each ({ $source }).
study-cost-share = { $way ->
    [less] Each case less
   *[more] Each case more
} takes about { $cost } ({ $percent } % interval: { $low } to { $high }).
study-cost-euro = For each euro spent the outcome is about { $cost } euros { $way ->
    [less] less
   *[more] more
} ({ $percent } % interval: { $low } to { $high }).
study-cost-unit = Each unit { $way ->
    [less] less
   *[more] more
} takes about { $cost } ({ $percent } % interval: { $low } to { $high }).
study-cost-open = What each result costs cannot be said: there may be no effect at all.
study-cost-none = What each result costs cannot be said: there is no estimate of the effect.
study-counted = In the estimate: { $count } { $unit }, of which { $treated } { $treated_label } and { $others } { $others_label }.
study-scale-share = effect on “{ $outcome }”, in percentage points
study-scale-euro = effect on “{ $outcome }”, in euros
study-scale-days = effect on “{ $outcome }”, in days
study-scale-months = effect on “{ $outcome }”, in months
study-scale-years = effect on “{ $outcome }”, in years
study-scale-plain = effect on “{ $outcome }”
study-picture-main = Main result: { $scale }
study-picture-ways = The result and other ways of estimating it: { $scale }
study-picture-groups = The result by group: { $scale }
study-picture-times = Before and after the measure began: { $scale }
study-time = time { $time }
study-times = Effects before and after the beginning
study-estimates-caption = All estimates: { $scale }
study-run = estimate
study-estimate = effect
study-interval = interval
study-p = p-value
study-n = units
study-mean = mean
study-all = all
study-sample-caption = From the design to the estimate: { $unit }
study-group-caption = In the estimate, by { $group }: { $unit }
study-technical = Technical report
study-treatment = The measure
study-outcome = The outcome
study-estimand = What is estimated
study-assumptions = What must hold
study-warnings = What to be wary of
study-warnings-kept = Further warnings are kept in the lab, because they name small numbers.
study-conventions = How it was computed
study-runs = Estimates, methods and options
study-origin = Registration and versions
study-origin-run = Run
study-origin-registered = Registered
study-origin-none = no: the outcome was read before
study-origin-digest = Digest of the registration
study-origin-entry = Entry of the record
study-origin-methods = Methods registered
study-deviations = What has changed since registration
study-deviations-none = Nothing.
study-deviations-caption = Words of the study that are not as they were registered
study-deviation-key = where
study-deviation-before = registered
study-deviation-now = now
study-deviation-why = why
study-no-reason = no reason given
study-sheet = One-page sheet (PDF)
study-sheet-ident = Evaluation sheet
study-sheet-foot = Technical report, tables and registration: the page of the study on the lab's site. Version of the base { $snapshot }, registration { $digest }.
