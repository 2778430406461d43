//! Both languages say the same things.

use wdl_chart::{TEXTS, fluent_sources};
use wdl_vocab::{Lang, text::keys_of};

#[test]
fn both_languages_have_every_key() {
    let [it, en] = fluent_sources();
    assert_eq!(keys_of(it), keys_of(en));
    for key in keys_of(it) {
        for lang in Lang::ALL {
            assert!(TEXTS.find(lang, &key, &[]).is_some(), "{key}");
        }
    }
}
