//! HTML in small pieces: every text is escaped where it is put in.

use std::fmt::{Display, Write};

/// The text as it stands in HTML, between tags and in attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for next in text.chars() {
        match next {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // HTML has no way to write these.
            next if next.is_control() && !matches!(next, '\n' | '\t') => out.push('\u{fffd}'),
            next => out.push(next),
        }
    }
    out
}

/// A section with its heading around `content`, which is HTML; nothing where that is empty.
pub(super) fn section(title: &str, content: &str) -> String {
    if content.is_empty() {
        return String::new();
    }
    format!("<section>\n<h2>{}</h2>\n{content}</section>\n", escaped(title))
}

/// A paragraph of text.
pub(super) fn paragraph(class: &str, text: &str) -> String {
    format!("<p class=\"{class}\">{}</p>\n", escaped(text))
}

/// A column of a table.
#[derive(Clone, Copy)]
pub(super) struct Head<'h> {
    /// What stands above it.
    pub(super) title: &'h str,
    /// Whether its cells are numbers, which stand to the right.
    pub(super) is_number: bool,
}

/// A column of texts.
pub(super) fn words(title: &str) -> Head<'_> {
    Head { title, is_number: false }
}

/// A column of numbers.
pub(super) fn numbers(title: &str) -> Head<'_> {
    Head { title, is_number: true }
}

/// A table of texts. Its first column names the rows.
pub(super) fn table(caption: &str, heads: &[Head<'_>], rows: &[Vec<String>]) -> String {
    let class = |head: &Head<'_>| if head.is_number { " class=\"number\"" } else { "" };
    let mut out =
        format!("<div class=\"scroll\"><table>\n<caption>{}</caption>\n<thead><tr>", escaped(caption));
    for head in heads {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(head), escaped(head.title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (index, (cell, head)) in row.iter().zip(heads).enumerate() {
            let (tag, scope) = if index == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
            let _ = write!(out, "<{tag}{scope}{}>{}</{tag}>", class(head), escaped(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
    out
}

/// A headline number and what it is.
pub(super) fn tile(number: impl Display, what: &str, more: &str) -> String {
    let more = if more.is_empty() { String::new() } else { format!("<small>{}</small>", escaped(more)) };
    let number = escaped(&number.to_string());
    format!("<div class=\"tile\"><dt>{}</dt><dd>{number}{more}</dd></div>\n", escaped(what))
}

#[cfg(test)]
mod tests {
    use super::{escaped, table, words};

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(escaped("<b a=\"1\">&'\u{1b}"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;\u{fffd}");
        let html = table("<i>", &[words("</table>")], &[vec!["<script>".to_owned()]]);
        assert!(!html.contains("<i>") && !html.contains("<script>"));
        assert_eq!(html.matches("</table>").count(), 1);
    }
}
