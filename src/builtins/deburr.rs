//! Letters without their accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text with accents off: `Müller` is `Muller`, `Łódź` is `Lodz`, `ß` is `ss`. Other scripts stay as they are.
pub(super) fn deburr(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    // Marks matter in other scripts, where they can be vowels: only those on Latin letters go.
    let mut on_latin = false;
    for next in text.nfd() {
        if is_combining_mark(next) && on_latin {
            continue;
        }
        on_latin = is_latin(next);
        match spelled_out(next) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(next),
        }
    }
    if plain.is_ascii() { plain } else { plain.nfc().collect() }
}

fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&letter) || letter == 'ẞ'
}

/// Latin letters that are no letter with an accent.
fn spelled_out(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'ẞ' => "SS",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'þ' => "th",
        'Þ' => "Th",
        'ħ' => "h",
        'Ħ' => "H",
        'ı' => "i",
        'ĸ' => "k",
        'ŋ' => "n",
        'Ŋ' => "N",
        'ŧ' => "t",
        'Ŧ' => "T",
        'ſ' => "s",
        _ => return None,
    })
}
