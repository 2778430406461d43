WDL-Y001 = a synthetic city of { $value } residents cannot be made
    .cause = it needs { $minimum } to { $maximum }: with fewer whole groups would be missing, with more the serial numbers would not suffice
    .fix = give `--residents` a number between { $minimum } and { $maximum }
WDL-Y002 = the file `{ $file }` of the synthetic city cannot be written: { $detail }
    .cause = the folder does not exist, cannot be written, or the disk is full
    .fix = give `--out` a folder that can be written
