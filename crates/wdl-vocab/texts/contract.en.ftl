WDL-C010 = the code list `{ $file }` does not have the expected form: { $detail }
    .cause = a list has the columns `code`, `it`, `en` and then those it needs
    .fix = correct the line shown
WDL-C011 = the columns of `{ $file }` do not fit the shape of the data: { $detail }
    .cause = each shape (`episode`, `event`, `yearly`, `aggregate`) asks for its own columns of time and its key
    .fix = add the missing column or correct `wdl.shape`
